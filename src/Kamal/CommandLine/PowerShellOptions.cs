using System.Management.Automation;
using System.Reflection;
using Kamal.Cmdlets;
using Kamal.Engine.CommandLine;

namespace Kamal.CommandLine;

/// <summary>
/// What PowerShell adds to Kamal's options on every line: common parameters, those that all our cmdlets take and Kamal's command line has no option for,
/// and the parameters' names as another spelling of Kamal's options. Error messages recommend them by these names.
/// </summary>
internal static class PowerShellOptions
{
    private static readonly string[] Streams = ["Error", "Warning", "Information", "Progress"];

    /// <summary>The options and spellings, for the parser.</summary>
    public static ShellOptions All { get; } = new() { Options = [.. Common(), .. Own()], Spelling = Spelling };

    /// <summary>The parameters among a line's options, with their values.</summary>
    public static IEnumerable<(string Parameter, object Value)> Of(ParsedCommand parsed) =>
        from option in All.Options
        where parsed.Options.ContainsKey(option.Name)
        select (option.Name, parsed.Options[option.Name]);

    private static IEnumerable<OptionSpec> Common() =>
    [
        new("WhatIf", OptionKind.Flag, "Show what would be done, and do nothing") { IgnoresCase = true },
        new("Confirm", OptionKind.Flag, "Ask for confirmation first") { IgnoresCase = true },
        new("Verbose", OptionKind.Flag, "Show each step"),
        new("Debug", OptionKind.Flag, "Show how connections are made"),
        .. from stream in Streams
           select new OptionSpec(stream + "Action", OptionKind.Text, $"What to do about the {stream.ToLowerInvariant()} stream") { IgnoresCase = true },
    ];

    private static IEnumerable<OptionSpec> Own()
    {
        var kamals = Grammar.GlobalOptions.Select(option => Spelling(null, option)).ToHashSet();
        return from property in typeof(KamalConfigCmdlet).GetProperties()
               where property.GetCustomAttributes<ParameterAttribute>().Any(attribute => !attribute.DontShow) && !kamals.Contains("-" + property.Name)
               orderby property.Name
               // A name of several words is nobody else's option, however it is written.
               select new OptionSpec(property.Name, KindOf(property.PropertyType), "") { IgnoresCase = property.Name.Count(char.IsUpper) > 1 };
    }

    private static OptionKind KindOf(Type type) =>
        type == typeof(SwitchParameter) ? OptionKind.Flag : type == typeof(int) ? OptionKind.Number : type == typeof(string[]) ? OptionKind.CommaList : OptionKind.Text;

    private static string? Spelling(CommandSpec? command, OptionSpec option) => option.Name is "quiet" or "confirmed" || option.Letter == 'v'
        ? null
        : "-" + (command is null ? CmdletBinding.Plain : CmdletBindings.Of(command)).ParameterOf(option.Name);
}
