using System.Globalization;
using System.Text;
using Kamal.Engine.Configuration.Metadata;

namespace Kamal.Engine.Configuration;

/// <summary>Prints the documentation of a section, generated from the metadata.</summary>
public static class ConfigurationDocumentation
{
    private const int Width = 88;

    /// <summary>The names of the documented sections, sorted.</summary>
    public static IReadOnlyList<string> Topics { get; } =
        [.. ConfigurationMetadata.Sections.Where(section => section.IsTopic).Select(section => section.Name).Order(StringComparer.Ordinal)];

    /// <summary>A section's documentation: YAML whose comments explain each key.</summary>
    /// <param name="topic">The section's name; null for the root.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: there is no such section.</exception>
    public static string Print(string? topic = null)
    {
        var section = ConfigurationMetadata.FindTopic(topic ?? ConfigurationMetadata.Root.Name)
            ?? throw new KamalException(KamalErrorId.ArgumentInvalid, $"There is no documentation section {topic}.")
            {
                Recommendation = Loading.Suggestions.Nearest(topic!, Topics) is { } nearest
                    ? $"Did you mean {nearest}?"
                    : $"Available sections: {string.Join(", ", Topics)}.",
            };
        var text = new StringBuilder();
        Comment(text, "", section.Title);
        Comment(text, "", "");
        Comment(text, "", section.Description);
        if (section.Example is not null) text.Append('\n').Append(section.Example).Append('\n');
        if (section.Keys.IsEmpty) return text.ToString();

        var indent = "";
        text.Append('\n');
        foreach (var part in section.Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(indent).Append(part.All(char.IsAsciiLetterUpper) ? $"<{part.ToLowerInvariant()}>" : part).Append(":\n");
            indent += "  ";
        }

        Keys(text, section, indent);
        return text.ToString();
    }

    private static void Keys(StringBuilder text, ConfigurationSection section, string indent)
    {
        var first = true;
        foreach (var key in section.Keys)
        {
            if (!first || indent.Length == 0) text.Append('\n');
            first = false;
            Comment(text, indent, $"{key.Title}{Remark(key)}");
            Comment(text, indent, "");
            Comment(text, indent, key.Description);
            if (Parts(key.Shape) is { } parts)
            {
                text.Append(indent).Append(key.Name).Append(":\n");
                Keys(text, parts, indent + "  ");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}{key.Name}: {key.Example}\n");
            }
        }
    }

    /// <summary>The section to document in place, because it is not a topic.</summary>
    private static ConfigurationSection? Parts(ValueShape shape) =>
        shape is SectionShape { Section: { IsTopic: false } section } ? section : null;

    private static string Remark(ConfigurationKey key)
    {
        var remarks = new List<string>();
        if (key.Required) remarks.Add("required");
        if (Kind(key.Shape) is { } kind) remarks.Add(kind);
        if (key.Default is not null) remarks.Add($"default {key.Default}");
        if (key.Since is not null) remarks.Add($"since Kamal {key.Since}");
        if (key.SeeAlso is not null) remarks.Add($"see section {key.SeeAlso}");
        return remarks.Count == 0 ? "" : $" ({string.Join("; ", remarks)})";
    }

    private static string? Kind(ValueShape shape) => shape switch
    {
        TextShape { Allowed.IsEmpty: false } text => string.Join(" or ", text.Allowed),
        TextShape => "text",
        IntegerShape { Unit: { } unit } => unit,
        IntegerShape => "number",
        BooleanShape => "true or false",
        ListShape => "list",
        ChoiceShape choice => string.Join(" or ", choice.Alternatives.Select(Kind).Where(kind => kind is not null).Distinct()),
        MapShape or SectionShape or EnvShape => "map",
        _ => null,
    };

    private static void Comment(StringBuilder text, string indent, string line)
    {
        if (line.Length == 0)
        {
            text.Append(indent).Append("#\n");
            return;
        }

        var width = 0;
        foreach (var word in line.Split(' '))
        {
            if (width == 0 || width + word.Length + 1 > Width - indent.Length)
            {
                if (width > 0) text.Append('\n');
                text.Append(indent).Append('#');
                width = 1;
            }

            text.Append(' ').Append(word);
            width += word.Length + 1;
        }

        text.Append('\n');
    }
}
