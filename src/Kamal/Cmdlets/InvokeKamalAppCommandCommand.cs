using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Runs a command in a new container of the app, or in the running one.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalAppCommand", SupportsShouldProcess = true)]
[OutputType(typeof(KamalCommandResult))]
[OutputType(typeof(byte[]))]
public sealed class InvokeKamalAppCommandCommand : KamalExecCmdlet
{
    /// <summary>
    /// The command. A single element is a command line for the host's shell. Several elements are separate arguments, which reach the
    /// command unchanged.
    /// </summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    /// <summary>Runs the command in the running container instead of a new one.</summary>
    [Parameter]
    public SwitchParameter Reuse { get; set; }

    /// <summary>Runs the new container in the background, keeps it and writes its ID.</summary>
    [Parameter]
    public SwitchParameter Detach { get; set; }

    /// <summary>Environment variables for the command. Their values are never shown.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Env { get; set; } = new Hashtable();

    /// <summary>The version to run the command in. The default is the running version.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public override string? Version { get; set; }

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
        Invoke(AppOperations.Exec(ExecOptions));
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
