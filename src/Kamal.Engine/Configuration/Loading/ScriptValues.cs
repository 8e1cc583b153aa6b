using System.Collections;
using System.Globalization;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Converts the output of <c>deploy.ps1</c> to nodes, which have no line numbers.</summary>
internal static class ScriptValues
{
    private const int MaxDepth = 64;

    public static ConfigNode ToNode(object? value, string file, ICollection<ConfigurationProblem> problems) =>
        Convert(value, new(file, 0, 0), "", 0, problems);

    private static ConfigNode Convert(
        object? value, ConfigPosition position, string path, int depth, ICollection<ConfigurationProblem> problems)
    {
        if (depth > MaxDepth)
        {
            problems.Add(ConfigurationProblem.At(position, path, $"nested deeper than {MaxDepth} levels"));
            return ConfigScalar.OfNull(position);
        }

        switch (value)
        {
            case null:
                return ConfigScalar.OfNull(position);
            case bool boolean:
                return ConfigScalar.OfBoolean(position, boolean);
            case string or char or Uri or Version or Guid:
                return ConfigScalar.OfText(position, value.ToString()!);
            case double or float or decimal:
                return ConfigScalar.OfPlain(position, RubyScalar.PrintFloat(System.Convert.ToDouble(value, CultureInfo.InvariantCulture)));
            case sbyte or byte or short or ushort or int or uint or long or ulong:
                return ConfigScalar.OfPlain(position, System.Convert.ToString(value, CultureInfo.InvariantCulture)!);
            case IDictionary map:
                return new ConfigMap(position, Entries(map, position, path, depth, problems));
            case IEnumerable list:
                return new ConfigList(
                    position,
                    [.. list.Cast<object?>().Select((item, i) => Convert(item, position, $"{path}/{i}", depth + 1, problems))]);
            default:
                problems.Add(
                    ConfigurationProblem.At(
                        position, path,
                        $"a value of type {value.GetType().Name} is not allowed in a configuration; use a string, a number, a " +
                        "boolean, a list or a hashtable"));
                return ConfigScalar.OfNull(position);
        }
    }

    /// <summary>The keys of a hashtable are sorted, as it has no order; an ordered dictionary keeps its order.</summary>
    private static List<ConfigEntry> Entries(
        IDictionary map, ConfigPosition position, string path, int depth, ICollection<ConfigurationProblem> problems)
    {
        var entries = map.Cast<DictionaryEntry>()
            .Select(entry => (key: System.Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, entry.Value));
        if (map is Hashtable) entries = entries.OrderBy(entry => entry.key, StringComparer.Ordinal);
        return entries.Select(entry =>
            new ConfigEntry(
                entry.key, position,
                Convert(entry.Value, position, path.Length == 0 ? entry.key : $"{path}/{entry.key}", depth + 1, problems))).ToList();
    }
}
