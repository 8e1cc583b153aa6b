using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Validates a file against the metadata.</summary>
internal sealed class ShapeValidator(ICollection<ConfigurationProblem> problems)
{

    private const int MaxMatched = 4096;
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    public void CheckSection(ConfigMap map, ConfigurationSection section, string path)
    {
        var meant = new HashSet<string?>();
        foreach (var entry in map.Entries)
        {
            if (section.Find(entry.Key) is { } key) Check(entry.Value, key.Shape, Join(path, entry.Key));
            else if (section.AllowExtensions && entry.Key.StartsWith("x-", StringComparison.Ordinal)) continue;
            else meant.Add(ReportUnknown(entry, section, path));
        }

        // Reports a misspelled required key once.
        foreach (var key in section.Keys.Where(key => key.Required && !map.Has(key.Name) && !meant.Contains(key.Name)))
        {
            Report(map, Join(path, key.Name), $"the required key {key.Name} is missing");
        }
    }

    private void Check(ConfigNode node, ValueShape shape, string path)
    {
        if (shape is ChoiceShape choice)
        {
            if (choice.Choose(node) is { } chosen) Check(node, chosen, path);
            else Report(node, path, $"should be {choice.Expected}, but is {node.Description}{Hint(node, choice.Alternatives[0])}");
            return;
        }

        if (!shape.Accepts(node))
        {
            Report(node, path, $"should be {shape.Expected}, but is {node.Description}{Hint(node, shape)}");
            return;
        }

        switch (shape)
        {
            case TextShape text: CheckText((ConfigScalar)node, text, path); break;
            case IntegerShape integer: CheckInteger((ConfigScalar)node, integer, path); break;
            case ListShape list: CheckList((ConfigList)node, list, path); break;
            case MapShape map: CheckMap((ConfigMap)node, map, path); break;
            case SectionShape section: CheckSection((ConfigMap)node, section.Section, path); break;
            case EnvShape env: CheckEnv((ConfigMap)node, env, path); break;
        }
    }

    private static string Hint(ConfigNode node, ValueShape shape) => (node, shape) switch
    {
        (ConfigScalar { Kind: ScalarKind.Boolean or ScalarKind.Integer or ScalarKind.Float } scalar, TextShape) =>
            $"; write \"{scalar.Raw}\" in quotes",
        (ConfigScalar { Kind: ScalarKind.Null }, TextShape) => "; write \"\" for an empty string",
        (ConfigScalar { Kind: ScalarKind.Text } scalar, IntegerShape) 
            when BigInteger.TryParse(scalar.Text, CultureInfo.InvariantCulture, out _) => $"; write {scalar.Text} without quotes",
        (ConfigScalar { Kind: ScalarKind.Text, Text: "true" or "false" } scalar, BooleanShape) => $"; write {scalar.Text} without quotes",
        (ConfigScalar { Kind: not ScalarKind.Null }, ListShape) => "; write it as [ VALUE ]",
        _ => "",
    };

    private void CheckText(ConfigScalar node, TextShape shape, string path)
    {
        if (!shape.Allowed.IsEmpty
            && !shape.Allowed.Contains(node.Text, shape.AnyCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal))
        {
            problems.Add(
                ConfigurationProblem.At(node.Position, path, $"should be {shape.Expected}", Suggestions.Nearest(node.Text, shape.Allowed)));
        }
        else if (shape.Pattern is not null && node.Kind != ScalarKind.Null && !Matches(node.Text, shape.Pattern))
        {
            Report(node, path, $"should be {shape.PatternMeaning}");
        }
    }

    private void CheckInteger(ConfigScalar node, IntegerShape shape, string path)
    {
        var value = BigInteger.Parse(node.Text, CultureInfo.InvariantCulture);
        if (value < shape.Minimum) Report(node, path, $"should be at least {shape.Minimum}, but is {node.Text}");
        else if (value > shape.Maximum) Report(node, path, $"should be at most {shape.Maximum}, but is {node.Text}");
    }

    private void CheckList(ConfigList node, ListShape shape, string path)
    {
        if (node.Items.Length < shape.MinimumItems) Report(node, path, "should not be empty");
        else if (node.Items.Length > shape.MaximumItems) Report(node, path, $"should be {shape.Expected}, but has {node.Items.Length}");
        for (var i = 0; i < node.Items.Length; i++)
        {
            Check(node.Items[i], shape.Item, $"{path}/{i}");
        }
    }

    private void CheckMap(ConfigMap node, MapShape shape, string path)
    {
        if (shape.Single && node.Entries.Length != 1) Report(node, path, $"should have exactly one key, but has {node.Entries.Length}");
        foreach (var entry in node.Entries)
        {
            var here = Join(path, entry.Key);
            if (shape.Reserved.Contains(entry.Key))
            {
                problems.Add(ConfigurationProblem.At(entry.KeyPosition, here, $"{string.Join(", ", shape.Reserved)} are reserved"));
                continue;
            }

            if (shape.KeyPattern is not null && !Matches(entry.Key, shape.KeyPattern))
            {
                problems.Add(ConfigurationProblem.At(entry.KeyPosition, here, $"the name should be {shape.KeyMeaning}"));
            }

            Check(entry.Value, shape.Special.GetValueOrDefault(entry.Key, shape.Value), here);
        }
    }

    private void CheckEnv(ConfigMap node, EnvShape shape, string path)
    {
        if (!EnvShape.IsSplit(node))
        {
            CheckMap(node, Names.Map(Names.Token, Shapes.Text), path);
            return;
        }

        foreach (var entry in node.Entries)
        {
            var here = Join(path, entry.Key);
            if (SmallSections.Env.Find(entry.Key) is not { } key)
            {
                problems.Add(
                    ConfigurationProblem.At(
                        entry.KeyPosition, here, "unknown key next to clear, secret or tags; put variables under clear",
                        Suggestions.Nearest(entry.Key, SmallSections.Env.Keys.Select(known => known.Name))));
            }
            else if (entry.Key == "tags" && !shape.AllowTags)
            {
                problems.Add(ConfigurationProblem.At(entry.KeyPosition, here, "tags are allowed only in the root env section"));
            }
            else
            {
                Check(entry.Value, key.Shape, here);
            }
        }
    }

    private string? ReportUnknown(ConfigEntry entry, ConfigurationSection section, string path)
    {
        var suggestion = Suggestions.Nearest(entry.Key, section.Keys.Select(key => key.Name))
            ?? Relocations.Find(entry.Key, section);
        var message = section.IgnoresUnknownKeys ? "unknown key, which is ignored" : "unknown key";
        problems.Add(ConfigurationProblem.At(entry.KeyPosition, Join(path, entry.Key), message, suggestion) with
        {
            IsWarning = section.IgnoresUnknownKeys,
        });
        return suggestion;
    }

    private void Report(ConfigNode node, string path, string message) =>
        problems.Add(ConfigurationProblem.At(node.Position, path, message));

    /// <summary>Patterns are constants that match in quadratic time at worst, so limiting the length is enough.</summary>
    private static bool Matches(string text, string pattern) =>
        text.Length <= MaxMatched
            && Patterns.GetOrAdd(pattern, static each => new Regex(NameRule.ToEnd(each), RegexOptions.CultureInvariant)).IsMatch(text);

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}/{key}";
}
