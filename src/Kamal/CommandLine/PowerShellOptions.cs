using Kamal.Engine.CommandLine;

namespace Kamal.CommandLine;

/// <summary>
/// The options that PowerShell adds to every Kamal command line: common parameters, and parameters that all operations have but Kamal does
/// not. The names of other parameters are accepted as another spelling of Kamal's options, since error messages recommend them.
/// </summary>
internal static class PowerShellOptions
{
    private static readonly OptionSpec[] Common =
    [
        new("WhatIf", OptionKind.Flag, "Show what would be done, without doing it") { IgnoresCase = true },
        new("Confirm", OptionKind.Flag, "Ask for confirmation first") { IgnoresCase = true },
        new("Verbose", OptionKind.Flag, "Show each step"),
        new("Debug", OptionKind.Flag, "Show how connections are made"),
        new("ErrorAction", OptionKind.Text, "What to do about the error stream") { IgnoresCase = true },
        new("WarningAction", OptionKind.Text, "What to do about the warning stream") { IgnoresCase = true },
        new("InformationAction", OptionKind.Text, "What to do about the information stream") { IgnoresCase = true },
        new("ProgressAction", OptionKind.Text, "What to do about the progress stream") { IgnoresCase = true },
    ];

    // Names of several words cannot be mistaken for options of another program, so their case does not matter.
    private static readonly OptionSpec[] Operation =
    [
        new("Credential", OptionKind.Text, "Account and password for hosts that do not accept keys"),
        new("ThrottleLimit", OptionKind.Number, "Maximum number of hosts to work on at once") { IgnoresCase = true },
    ];

    /// <summary>The options and spellings, for the parser.</summary>
    public static ShellOptions All { get; } = new() { Options = [.. Common, .. Operation], Spelling = Spelling };

    /// <summary>The names of the parameters that all operations have but Kamal does not.</summary>
    public static IEnumerable<string> OperationParameters => Operation.Select(option => option.Name);

    /// <summary>The parameters among the options of a command line, with their values.</summary>
    public static IEnumerable<(string Parameter, object Value)> Of(ParsedCommand parsed) =>
        from option in All.Options
        where parsed.Options.ContainsKey(option.Name)
        select (option.Name, parsed.Options[option.Name]);

    /// <summary>The parameter that is another spelling of an option, or null.</summary>
    public static string? Spelling(CommandSpec? command, OptionSpec option)
    {
        if (option.Name is "quiet" or "confirmed" || option.Letter == 'v') return null;
        var binding = command is null ? CmdletBinding.Plain : CmdletBindings.Of(command);
        return "-" + binding.ParameterOf(option.Name);
    }
}
