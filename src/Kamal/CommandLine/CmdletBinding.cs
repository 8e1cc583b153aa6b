using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.Specialized;
using Kamal.Engine.CommandLine;

namespace Kamal.CommandLine;

/// <summary>The cmdlet that corresponds to a Kamal command, and the parameters that correspond to its options and arguments.</summary>
/// <param name="Cmdlet">The name of the cmdlet.</param>
internal sealed record CmdletBinding(string Cmdlet)
{
    /// <summary>Options and arguments whose parameters have different names.</summary>
    private static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string>
    {
        ["hosts"] = "HostName", ["exclude-hosts"] = "ExcludeHostName", ["roles"] = "Role", ["debug"] = "DebugProxy", ["CMD"] = "Command",
    }.ToFrozenDictionary();

    /// <summary>The binding without a cmdlet, for names that all commands share.</summary>
    public static CmdletBinding Plain { get; } = new("");

    /// <summary>Parameters to always pass.</summary>
    public ImmutableDictionary<string, object> Fixed { get; init; } = ImmutableDictionary<string, object>.Empty;

    /// <summary>Parameters whose names differ only for this command.</summary>
    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Global options to ignore, because the cmdlet does not accept them together with <see cref="Fixed"/>.</summary>
    public ImmutableArray<string> Ignored { get; init; } = [];

    /// <summary>A flag that selects another cmdlet instead of a parameter.</summary>
    public (string Option, string Cmdlet)? Switch { get; init; }

    /// <summary>Converts a result to Kamal's text; null for PowerShell's view of the object.</summary>
    public Func<object, object?>? Text { get; init; }

    /// <summary>The parameter of an option or argument.</summary>
    public string ParameterOf(string name) =>
        Parameters.GetValueOrDefault(name) ?? Renamed.GetValueOrDefault(name) ?? string.Concat(name.Split('-').Select(Capitalize));

    /// <summary>The cmdlet for a command line.</summary>
    public string CmdletFor(ParsedCommand parsed) =>
        Switch is { } alternative && parsed.Has(alternative.Option) ? alternative.Cmdlet : Cmdlet;

    /// <summary>The parameters for a command line. The cmdlet may not have those of some global options.</summary>
    public Dictionary<string, object> ParametersFor(ParsedCommand parsed)
    {
        var parameters = new Dictionary<string, object>(Fixed, StringComparer.OrdinalIgnoreCase);
        foreach (var option in Grammar.GlobalOptions.Concat(parsed.Command.Options))
        {
            if (option.Name is "quiet" or "confirmed" || option.Name == Switch?.Option || Ignored.Contains(option.Name)) continue;
            if (!parsed.Options.TryGetValue(option.Name, out var value)) continue;
            parameters[ParameterOf(option.Name)] = option.Kind == OptionKind.Pairs ? Pairs((string[])value) : value;
        }

        foreach (var argument in parsed.Command.Arguments)
        {
            if (!parsed.Arguments.TryGetValue(argument.Name, out var words)) continue;
            parameters[ParameterOf(argument.Name)] = argument.TakesRest ? words.ToArray() : words[0];
        }

        return parameters;
    }

    /// <summary>Whether PowerShell asks for confirmation: if Kamal does, unless the command line decides.</summary>
    public static bool Asks(ParsedCommand parsed) =>
        parsed.Options.TryGetValue("Confirm", out var confirm)
            ? confirm is true
            : parsed.Command.Asks && !parsed.Has("confirmed") && !parsed.Has("WhatIf");

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

    private static string Capitalize(string word) => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant();
}
