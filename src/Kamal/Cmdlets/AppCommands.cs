using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Boots a version of the app on all servers, by default the latest, and stops the previous one.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAppBoot", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalAppBootCommand : KamalRolloutCmdlet
{
    /// <summary>The version to boot. The default is the latest.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public override string? Version { get; set; }

    internal override string CommandName => "app";

    internal override string Action => "Boot the app";

    internal override void Execute() => Invoke(DeployOperations.BootApp());
}

/// <summary>
/// Starts existing containers of the app: those of the specified version or, by default, on each host those that were stopped last.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "KamalApp", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StartKamalAppCommand : KamalServiceCmdlet
{
    /// <summary>
    /// The version whose containers to start, or the beginning of its commit. The default is, on each host, the version that was stopped
    /// last.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public override string? Version { get; set; }

    internal override string CommandName => "app";

    internal override string Action => "Start the app";

    internal override void Execute() => Invoke(AppOperations.Start());
}

/// <summary>Stops the app's containers.</summary>
[Cmdlet(VerbsLifecycle.Stop, "KamalApp", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class StopKamalAppCommand : KamalServiceCmdlet
{
    /// <summary>Stops only containers of this version. The default is the running version.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public override string? Version { get; set; }

    internal override string CommandName => "app";

    internal override string Action => "Stop the app";

    internal override void Execute() => Invoke(AppOperations.Stop(Caller is null ? Version : null));
}

/// <summary>Stops the app and removes its containers, images and directories.</summary>
[Cmdlet(VerbsCommon.Remove, "KamalApp", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalAppCommand : KamalServiceCmdlet
{
    /// <summary>Removes only the app's directories on the hosts.</summary>
    [Parameter]
    public SwitchParameter DirectoryOnly { get; set; }

    internal override string CommandName => "app";

    internal override string Action => "Remove the app";

    internal override void Execute() => Invoke(DirectoryOnly ? AppOperations.RemoveDirectories() : AppOperations.Remove());
}

/// <summary>Shows the version that each role runs on each host.</summary>
[Cmdlet(VerbsCommon.Get, "KamalAppVersion")]
[OutputType(typeof(KamalAppVersion))]
public sealed class GetKamalAppVersionCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(ListingOperations.Versions());
}
