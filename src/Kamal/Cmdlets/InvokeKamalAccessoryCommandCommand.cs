using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Commands;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Runs a command in a new container of an accessory, or in the running one.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAccessoryCommand", SupportsShouldProcess = true)]
[OutputType(typeof(KamalCommandResult))]
[OutputType(typeof(byte[]))]
public sealed class InvokeKamalAccessoryCommandCommand : KamalExecCmdlet
{
    private string[] _names = [];

    /// <summary>The name of the accessory.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Accessory")]
    [ArgumentCompleter(typeof(AccessoryCompleter))]
    [AllowNull]
    [AllowEmptyString]
    public string Name { get; set; } = "";

    /// <summary>
    /// The command. A single element is a command line for the host's shell. Several elements are separate arguments, which reach the
    /// command unchanged.
    /// </summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    /// <summary>Runs the command in the running container instead of a new one.</summary>
    [Parameter]
    public SwitchParameter Reuse { get; set; }

    internal override string CommandName => "accessory";

    internal override IReadOnlyList<string> Words => Command;

    internal override bool NeedsItems => true;

    internal override string[]? Items
    {
        get => [Name];
        set => _names = value ?? [];
    }

    internal override ExecOptions ExecOptions => base.ExecOptions with { Reuse = Reuse };

    internal override void Execute()
    {
        foreach (var name in _names) Invoke(AccessoryOperations.Exec(name, ExecOptions));
    }
}
