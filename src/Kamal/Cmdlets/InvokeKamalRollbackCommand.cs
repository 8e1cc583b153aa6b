using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Goes back to a version whose containers are still on the servers.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalRollback", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalRollbackCommand : KamalTargetCmdlet
{
    /// <summary>The version to go back to.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? Version { get; set; }

    internal override string CommandName => "rollback";

    /// <summary>The version to go back to is the operation's matter: hooks that run before hear of the checked-out one.</summary>
    internal override ConfigurationRequest Request => base.Request with { Version = null };

    internal override string Action => "Roll the app back";

    internal override void Execute() => Invoke(new RollbackOperation(Version!));
}
