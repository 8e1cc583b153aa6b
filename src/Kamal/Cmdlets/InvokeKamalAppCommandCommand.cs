using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Runs a command in a new container of the app's image, or in the container that runs.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAppCommand", SupportsShouldProcess = true)]
[OutputType(typeof(KamalCommandResult))]
[OutputType(typeof(byte[]))]
public sealed class InvokeKamalAppCommandCommand : KamalExecCmdlet
{
    /// <summary>
    /// The command. One element alone is a line for the host's shell; of several, each is an argument and reaches the command as it is,
    /// whatever it contains.
    /// </summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    /// <summary>In the container that runs, rather than in a new one.</summary>
    [Parameter]
    public SwitchParameter Reuse { get; set; }

    /// <summary>The new container goes on by itself and stays; its id is written.</summary>
    [Parameter]
    public SwitchParameter Detach { get; set; }

    /// <summary>Environment variables for the command; nothing shows their values.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Env { get; set; } = new Hashtable();

    internal override string CommandName => "app";

    internal override IReadOnlyList<string> Words => Command;

    internal override ExecOptions ExecOptions => base.ExecOptions with
    {
        Reuse = Reuse,
        Detach = Detach,
        Environment = [.. Env.Cast<DictionaryEntry>().Select(entry => new EnvVariable(Text(entry.Key), Text(entry.Value)))],
    };

    internal override void Execute()
    {
        foreach (var variable in ExecOptions.Environment) Secrets.Add(variable.Name, new(variable.Value ?? ""));
        Invoke(new AppExecOperation(ExecOptions));
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
