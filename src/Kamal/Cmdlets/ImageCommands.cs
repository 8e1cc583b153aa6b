using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Builds the app's image and pushes it to the registry.</summary>
[Cmdlet(VerbsData.Publish, "KamalImage", SupportsShouldProcess = true, DefaultParameterSetName = PushSet)]
[OutputType(typeof(KamalImageBuild), typeof(KamalHostResult))]
public sealed class PublishKamalImageCommand : KamalTargetCmdlet
{
    private const string PushSet = "Push";
    private const string DevSet = "Dev";

    /// <summary>
    /// The buildx output type, such as <c>registry</c>, <c>docker</c> or <c>local,dest=DIRECTORY</c>. The .NET SDK has <c>registry</c>
    /// and <c>docker</c>.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BuildOutputCompleter))]
    public string? Output { get; set; }

    /// <summary>Builds the image without using the cache.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>Pulls the image on the servers after the push.</summary>
    [Parameter(ParameterSetName = PushSet)]
    public SwitchParameter Deliver { get; set; }

    /// <summary>
    /// Builds the working directory, including uncommitted changes, tags the image as dirty and keeps it on this machine.
    /// </summary>
    [Parameter(ParameterSetName = DevSet, Mandatory = true)]
    public SwitchParameter Dev { get; set; }

    /// <summary>
    /// How the servers get the image. Registry pushes it to the registry, from which they pull it. Direct sends it over the SSH
    /// connections, and only the layers that a server lacks. The default is transfer in deploy.yml, or Direct without a registry.
    /// </summary>
    [Parameter]
    public ImageTransfer? Transfer { get; set; }

    internal override ConfigurationRequest Request => base.Request with { Transfer = Transfer };

    internal override string CommandName => "build";

    internal override string Action => Dev ? "Build the working directory" : "Build and push the image";

    internal override void Execute() => Invoke(BuildOperations.Publish(new()
    {
        Build = new() { NoCache = NoCache, Output = Output },
        Deliver = Deliver,
        Dev = Dev,
    }));
}

/// <summary>Lists the app's images on the hosts.</summary>
[Cmdlet(VerbsCommon.Get, "KamalImage")]
[OutputType(typeof(KamalImage))]
public sealed class GetKamalImageCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(ListingOperations.Images());
}

/// <summary>Gets the disk usage of Docker on the hosts: images, containers, volumes and the build cache.</summary>
[Cmdlet(VerbsCommon.Get, "KamalDiskUsage")]
[OutputType(typeof(KamalDiskUsage))]
public sealed class GetKamalDiskUsageCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(ListingOperations.DiskUsage());
}

/// <summary>Pulls the app's image on the servers.</summary>
[Cmdlet(VerbsLifecycle.Install, "KamalImage", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InstallKamalImageCommand : KamalTargetCmdlet
{
    /// <summary>The version whose image to pull. The default is the checked-out commit.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public override string? Version { get; set; }

    /// <summary>
    /// How the servers get the image. Registry pushes it to the registry, from which they pull it. Direct sends it over the SSH
    /// connections, and only the layers that a server lacks. The default is transfer in deploy.yml, or Direct without a registry.
    /// </summary>
    [Parameter]
    public ImageTransfer? Transfer { get; set; }

    internal override ConfigurationRequest Request => base.Request with { Transfer = Transfer };

    internal override string CommandName => "build";

    internal override KamalContainerKind? WorksOn => KamalContainerKind.App;

    internal override string Action => "Pull the image";

    internal override void Execute() => Invoke(BuildOperations.Install());
}

/// <summary>Removes unused images of the app: that of one version, or all.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalImageCommand : KamalServiceCmdlet
{
    /// <summary>The version whose image to remove, if no container uses it. The default is all unused images of the app.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public override string? Version { get; set; }

    internal override string CommandName => "app";

    internal override string Action => Version is null ? "Remove all unused images" : $"Remove the image of version {Version}";

    internal override void Execute() => Invoke(AppOperations.RemoveImages(Version));
}
