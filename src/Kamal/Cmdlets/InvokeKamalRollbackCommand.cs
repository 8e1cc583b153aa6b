using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Rolls the app back to a version whose containers are still on the servers.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalRollback", SupportsShouldProcess = true)]
[OutputType(typeof(KamalDeployResult))]
public sealed class InvokeKamalRollbackCommand : KamalTargetCmdlet
{
    /// <summary>The version to roll back to.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? Version { get; set; }

    internal override string CommandName => "rollback";

    /// <summary>The operation handles the version to roll back to: earlier hooks see the checked-out version.</summary>
    internal override ConfigurationRequest Request => base.Request with { Version = null };

    internal override string Action => "Roll the app back";

    internal override void Execute() => Invoke(new RollbackOperation(Version!));
}
