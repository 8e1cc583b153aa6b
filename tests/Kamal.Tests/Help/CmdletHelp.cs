using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Help;

/// <summary>The help of a cmdlet, from its class and comments.</summary>
internal sealed record CmdletHelp(
    string Name, string Synopsis, IReadOnlyList<string> Syntaxes, IReadOnlyList<ParameterHelp> Parameters,
    IReadOnlyList<string> Outputs)
{
    private static readonly string[] Preview = ["WhatIf", "Confirm"];

    public static CmdletHelp Of(Type type, CmdletInfo info, XmlComments comments)
    {
        var properties = All.Parameters(type).DistinctBy(property => property.Name).ToDictionary(property => property.Name);
        var parameters = info.Parameters.Values
            .Where(parameter => (properties.ContainsKey(parameter.Name) && !IsHidden(properties[parameter.Name]))
                || Preview.Contains(parameter.Name))
            .OrderBy(parameter => Preview.Contains(parameter.Name)).ThenBy(parameter => parameter.Name, StringComparer.Ordinal)
            .Select(parameter => ParameterHelp.Of(parameter, properties.GetValueOrDefault(parameter.Name), comments));
        return new(
            info.Name,
            comments.Summary(type),
            [.. info.ParameterSets.OrderByDescending(set => set.IsDefault).Select(set => $"### {set.Name}\n\n```\n{Shown($"{info.Name} {set}", set, properties)}\n```")],
            [.. parameters],
            [.. type.GetCustomAttributes<OutputTypeAttribute>().SelectMany(attribute => attribute.Type)
                .Select(output => output.Name).Distinct()]);
    }

    /// <summary>The syntax without parameters that are hidden in the set.</summary>
    private static string Shown(string syntax, CommandParameterSetInfo set, Dictionary<string, PropertyInfo> properties) =>
        set.Parameters.Where(parameter => properties.TryGetValue(parameter.Name, out var property) && IsHidden(property, set.Name))
            .Aggregate(syntax, (text, parameter) => Regex.Replace(text, $@" \[-{parameter.Name}( <[^>]*>)?\]", ""));

    private static bool IsHidden(PropertyInfo property, string? set = null) => property.GetCustomAttributes<ParameterAttribute>()
        .Where(attribute => set is null || attribute.ParameterSetName == set
            || attribute.ParameterSetName == ParameterAttribute.AllParameterSets)
        .All(attribute => attribute.DontShow);
}
