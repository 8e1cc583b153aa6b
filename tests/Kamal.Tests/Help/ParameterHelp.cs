using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace Kamal.Tests.Help;

/// <summary>The help of a parameter.</summary>
internal sealed record ParameterHelp(string Name, string Description, string TypeName)
{
    public IReadOnlyList<(string Name, ParameterSetMetadata Set)> Sets { get; init; } = [];

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public string DefaultValue { get; init; } = "";

    public bool Wildcards { get; init; }

    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Whether it accepts objects of the pipeline.</summary>
    public bool AcceptsPipeline => Sets.Any(set => set.Set.ValueFromPipeline || set.Set.ValueFromPipelineByPropertyName);

    public static ParameterHelp Of(ParameterMetadata parameter, PropertyInfo? property, XmlComments comments) =>
        new(parameter.Name, Describe(parameter.Name, property, comments), Full(parameter.ParameterType))
        {
            Sets =
            [
                .. parameter.ParameterSets.OrderBy(set => set.Key, StringComparer.Ordinal)
                    .Select(set => (set.Key == ParameterAttribute.AllParameterSets ? "(All)" : set.Key, set.Value)),
            ],
            Aliases = [.. parameter.Aliases],
            DefaultValue = Default(property),
            Wildcards = property?.GetCustomAttribute<SupportsWildcardsAttribute>() is not null,
            Values = (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) is { IsEnum: true } type
                ? Enum.GetNames(type)
                : [],
        };

    private static string Describe(string name, PropertyInfo? property, XmlComments comments) => name switch
    {
        "WhatIf" =>
            "Shows what would run on each host and on this machine, and with -Verbose each command, with secrets redacted. Does not connect to any host.",
        "Confirm" => "Prompts for confirmation before running the cmdlet.",
        _ => comments.Summary(property!),
    };

    /// <summary>The value without the parameter, if it is a number or a text.</summary>
    private static string Default(PropertyInfo? property)
    {
        if (property is null || property.ReflectedType!.IsAbstract) return "";
        return property.GetValue(Activator.CreateInstance(property.ReflectedType)) switch
        {
            string text => text,
            int and not 0 and var number => number.ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
    }

    private static string Full(Type type) => Nullable.GetUnderlyingType(type)?.FullName ?? type.FullName!;
}
