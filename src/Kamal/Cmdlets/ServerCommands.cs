using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Installs Docker on servers that do not have it, if the account is permitted to.</summary>
[Cmdlet(VerbsData.Initialize, "KamalServer", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class InitializeKamalServerCommand : KamalTargetCmdlet
{
    internal override string CommandName => "server";

    internal override string Action => "Install Docker if it is missing";

    internal override void Execute() => Invoke(ServerOperations.Initialize());
}

/// <summary>Runs a command on the servers, outside any container.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalServerCommand", SupportsShouldProcess = true)]
[OutputType(typeof(KamalCommandResult))]
[OutputType(typeof(byte[]))]
public sealed class InvokeKamalServerCommandCommand : KamalExecCmdlet
{
    /// <summary>
    /// The command. A single element is a command line for the host's login shell. Several elements are separate arguments, which reach the
    /// command unchanged.
    /// </summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    internal override string CommandName => "server";

    internal override IReadOnlyList<string> Words => Command;

    internal override void Execute() => Invoke(ServerOperations.Exec(ExecOptions));
}

/// <summary>
/// Tests whether the servers are fit for a deploy: that the account can log in and use Docker, that there is space for an image, that the
/// proxy is recent or its ports are free, the clock, the architecture, and the deploy lock. Changes nothing.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "KamalHost")]
[OutputType(typeof(KamalHostCheck))]
public sealed class TestKamalHostCommand : KamalReadCmdlet
{
    internal override string CommandName => "server";

    internal override void Execute() => Invoke(ServerOperations.Test());
}
