using System.Collections.Immutable;
using System.Collections.Specialized;
using Kamal.Engine.CommandLine;

namespace Kamal.CommandLine;

/// <summary>The cmdlet that does what a command of Kamal's does, and which parameters its options and arguments go to.</summary>
/// <param name="Cmdlet">The cmdlet's name.</param>
internal sealed record CmdletBinding(string Cmdlet)
{
    /// <summary>Options and arguments whose parameter has another name than theirs.</summary>
    private static readonly ImmutableDictionary<string, string> Renamed = ImmutableDictionary<string, string>.Empty.AddRange(new Dictionary<string, string>
    {
        ["hosts"] = "HostName", ["roles"] = "Role", ["debug"] = "DebugProxy", ["CMD"] = "Command",
    });

    /// <summary>The names that all commands use for parameters.</summary>
    public static CmdletBinding Plain { get; } = new("");

    /// <summary>Parameters that are always given.</summary>
    public ImmutableDictionary<string, object> Fixed { get; init; } = ImmutableDictionary<string, object>.Empty;

    /// <summary>Names that only this command uses for a parameter.</summary>
    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Global options that mean nothing to this command, and that the cmdlet does not take together with <see cref="Fixed"/>.</summary>
    public ImmutableArray<string> Ignored { get; init; } = [];

    /// <summary>A flag that stands for another cmdlet instead of a parameter, with that cmdlet.</summary>
    public (string Option, string Cmdlet)? Switch { get; init; }

    /// <summary>The text that Kamal's users expect instead of an object, or null for PowerShell's own view.</summary>
    public Func<object, object?>? Text { get; init; }

    /// <summary>The parameter of an option or argument.</summary>
    public string ParameterOf(string name) =>
        Parameters.TryGetValue(name, out var own) ? own : Renamed.TryGetValue(name, out var renamed) ? renamed : string.Concat(name.Split('-').Select(Capital));

    /// <summary>The cmdlet for a command line.</summary>
    public string CmdletFor(ParsedCommand parsed) => Switch is { } alternative && parsed.Has(alternative.Option) ? alternative.Cmdlet : Cmdlet;

    /// <summary>The parameters for a command line; the cmdlet may not have those of global options that do not matter to it.</summary>
    public Dictionary<string, object> ParametersFor(ParsedCommand parsed)
    {
        var parameters = new Dictionary<string, object>(Fixed, StringComparer.OrdinalIgnoreCase);
        foreach (var option in Grammar.GlobalOptions.Concat(parsed.Command.Options))
        {
            if (option.Name is "quiet" or "confirmed" || option.Name == Switch?.Option || Ignored.Contains(option.Name) || !parsed.Options.TryGetValue(option.Name, out var value)) continue;
            parameters[ParameterOf(option.Name)] = option.Kind == OptionKind.Pairs ? Pairs((string[])value) : value;
        }

        foreach (var argument in parsed.Command.Arguments)
        {
            if (!parsed.Arguments.TryGetValue(argument.Name, out var words)) continue;
            parameters[ParameterOf(argument.Name)] = argument.TakesRest ? words.ToArray() : words[0];
        }

        return parameters;
    }

    /// <summary>Whether PowerShell shall ask for confirmation: where Kamal does, unless the line says otherwise.</summary>
    public static bool Asks(ParsedCommand parsed) =>
        parsed.Options.TryGetValue("Confirm", out var said) ? said is true : parsed.Command.Asks && !parsed.Has("confirmed") && !parsed.Has("WhatIf");

    private static OrderedDictionary Pairs(IEnumerable<string> pairs)
    {
        OrderedDictionary table = [];
        foreach (var pair in pairs)
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            table[pair[..colon]] = pair[(colon + 1)..];
        }

        return table;
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant();
}
