using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Runs a command on the servers themselves.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalServerCommand", SupportsShouldProcess = true)]
[OutputType(typeof(KamalCommandResult))]
[OutputType(typeof(byte[]))]
public sealed class InvokeKamalServerCommandCommand : KamalExecCmdlet
{
    /// <summary>The command; several words are joined with spaces, and the login shell of the host reads the whole.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromRemainingArguments = true)]
    public string[] Command { get; set; } = [];

    internal override string CommandName => "server";

    internal override string CommandLine => Join(Command);

    internal override void Execute() => Invoke(new ServerExecOperation(ExecOptions));
}
