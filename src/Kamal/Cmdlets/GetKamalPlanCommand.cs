using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>
/// Shows what an operation does, phase by phase, without connecting to any host. With -Live, compares the hosts with the configuration.
/// </summary>
[Cmdlet(VerbsCommon.Get, "KamalPlan")]
[OutputType(typeof(KamalPlan))]
public sealed class GetKamalPlanCommand : KamalReadCmdlet
{
    /// <summary>The operation.</summary>
    [Parameter(Position = 0)]
    public PlannedOperation Operation { get; set; } = PlannedOperation.Deploy;

    /// <summary>
    /// The version of the app. The default is the checked-out commit. For a rollback, it is the version that served before.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Version { get; set; }

    /// <summary>The names of the accessories, for operations on accessories. Wildcards are supported. The default is all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AccessoryCompleter))]
    [SupportsWildcards]
    public string[]? Accessory { get; set; }

    /// <summary>Plans a deploy of an image that is already in the registry.</summary>
    [Parameter]
    public SwitchParameter SkipPush { get; set; }

    /// <summary>
    /// How the servers get the image: from the registry, or directly over the SSH connections. The default is transfer in deploy.yml, or
    /// Direct without a registry.
    /// </summary>
    [Parameter]
    public ImageTransfer? Transfer { get; set; }

    /// <summary>Plans a reboot or upgrade of one host at a time.</summary>
    [Parameter]
    public SwitchParameter Rolling { get; set; }

    /// <summary>
    /// Compares the hosts with the configuration, and lists what differs and, for a deploy, redeploy or setup, orphans. To compare a
    /// container, a second one is created on the host, not started, and removed.
    /// </summary>
    [Parameter]
    public SwitchParameter Live { get; set; }

    /// <summary>Lists each step with its command in the text. The object has the commands in any case.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    internal override string? GivenVersion => Operation == PlannedOperation.Rollback ? null : Version ?? base.GivenVersion;

    internal override ConfigurationRequest Request => base.Request with { Transfer = Transfer };

    internal override void Execute()
    {
        var request = Request;
        Invoke(PlanOperations.Describe(new(Operation)
        {
            RollbackVersion = Operation == PlannedOperation.Rollback ? Version : null,
            Accessories = Accessory ?? [],
            Deploy = new() { SkipPush = SkipPush },
            Rolling = Rolling,
            Live = Live,
            Orphans = Live ? Run((sink, token) => OrphanKnowledge.ReadAsync(request, sink, token)) : null,
            Detailed = Detailed,
        }));
    }
}
