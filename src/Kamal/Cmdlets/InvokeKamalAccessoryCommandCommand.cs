using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Commands;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Runs a command in a new container of an accessory's image, or in the accessory's container.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAccessoryCommand", SupportsShouldProcess = true)]
[OutputType(typeof(KamalCommandResult))]
[OutputType(typeof(byte[]))]
public sealed class InvokeKamalAccessoryCommandCommand : KamalExecCmdlet
{
    private string[] _names = [];

    /// <summary>The accessory.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Accessory")]
    [ArgumentCompleter(typeof(AccessoryCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>
    /// The command. One element alone is a line for the host's shell; of several, each is an argument and reaches the command as it is,
    /// whatever it contains.
    /// </summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    /// <summary>In the container that runs, rather than in a new one.</summary>
    [Parameter]
    public SwitchParameter Reuse { get; set; }

    internal override string CommandName => "accessory";

    internal override IReadOnlyList<string> Words => Command;

    internal override string[]? Items
    {
        get => [Name];
        set => _names = value ?? [];
    }

    internal override ExecOptions ExecOptions => base.ExecOptions with { Reuse = Reuse };

    internal override void Execute()
    {
        foreach (var name in _names) Invoke(new AccessoryExecOperation(name, ExecOptions));
    }
}
