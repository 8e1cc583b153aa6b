using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace Kamal.Tests.Help;

/// <summary>The help of a parameter.</summary>
internal sealed record ParameterHelp(string Name, string Description, string TypeName)
{
    public string Sets { get; init; } = "(All)";

    public string Aliases { get; init; } = "";

    public bool Required { get; init; }

    public string Position { get; init; } = "Named";

    public string Pipeline { get; init; } = "False";

    public bool Wildcards { get; init; }

    public IReadOnlyList<string> Values { get; init; } = [];

    public static ParameterHelp Of(ParameterMetadata parameter, PropertyInfo? property, XmlComments comments)
    {
        var sets = parameter.ParameterSets;
        var any = sets.Values.First();
        var position = sets.Values.Select(set => set.Position).FirstOrDefault(at => at >= 0, -1);
        return new(parameter.Name, Describe(parameter.Name, property, comments), Short(parameter.ParameterType))
        {
            Sets = sets.ContainsKey(ParameterAttribute.AllParameterSets)
                ? "(All)"
                : string.Join(", ", sets.Keys.Order(StringComparer.Ordinal)),
            Aliases = string.Join(", ", parameter.Aliases),
            Required = sets.Values.Any(set => set.IsMandatory),
            Position = position < 0 ? "Named" : position.ToString(CultureInfo.InvariantCulture),
            Pipeline = any.ValueFromPipeline && any.ValueFromPipelineByPropertyName ? "True (ByPropertyName, ByValue)"
                : any.ValueFromPipeline ? "True (ByValue)" : any.ValueFromPipelineByPropertyName ? "True (ByPropertyName)" : "False",
            Wildcards = property?.GetCustomAttribute<SupportsWildcardsAttribute>() is not null,
            Values = (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) is { IsEnum: true } type
                ? Enum.GetNames(type)
                : [],
        };
    }

    private static string Describe(string name, PropertyInfo? property, XmlComments comments) => name switch
    {
        "WhatIf" => 
            "Shows every command that would run on each host and on this machine, with secrets redacted. Does not connect to any host.",
        "Confirm" => "Prompts for confirmation before running the cmdlet.",
        _ => comments.Summary(property!),
    };

    private static string Short(Type type) => Nullable.GetUnderlyingType(type)?.Name ?? type.Name;
}
