using System.Management.Automation;
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

    /// <summary>What buildx makes of the result: <c>registry</c>, <c>docker</c>, <c>local,dest=DIRECTORY</c> and others of its output types.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Output { get; set; }

    /// <summary>Builds without the cache.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>Lets the servers pull the image afterwards.</summary>
    [Parameter(ParameterSetName = PushSet)]
    public SwitchParameter Deliver { get; set; }

    /// <summary>Builds the working directory as it is, marks the tag as dirty, and keeps the image on this machine.</summary>
    [Parameter(ParameterSetName = DevSet, Mandatory = true)]
    public SwitchParameter Dev { get; set; }

    internal override string CommandName => "build";

    internal override string Action => Dev ? "Build the working directory" : "Build and push the image";

    internal override void Execute() => Invoke(new PublishImageOperation(new()
    {
        Build = new() { NoCache = NoCache, Output = Output },
        Deliver = Deliver,
        Dev = Dev,
    }));
}
