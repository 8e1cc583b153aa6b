using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Reads nodes without trust in their shape: what does not fit reads as missing.</summary>
internal static class NodeReading
{
    public static ConfigMap? Map(this ConfigMap? map, string key) => map?[key] as ConfigMap;

    public static ConfigScalar? Scalar(this ConfigMap? map, string key) => map?[key] as ConfigScalar;

    /// <summary>The text of a scalar; null where it is missing, nothing, or blank.</summary>
    public static string? Text(this ConfigMap? map, string key) => map.Scalar(key) is { IsBlank: false } scalar ? scalar.Text : null;

    public static bool? Flag(this ConfigMap? map, string key) => map.Scalar(key) is { Kind: ScalarKind.Boolean } scalar ? scalar.IsTrue : null;

    public static int? Number(this ConfigMap? map, string key) =>
        map.Scalar(key) is { } scalar && int.TryParse(scalar.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    public static TimeSpan? Duration(this ConfigMap? map, string key) => map.Number(key) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>A list's texts; a single text is a list of one; null where the key is missing.</summary>
    public static ImmutableArray<string>? Texts(this ConfigMap? map, string key) => map?[key] switch
    {
        ConfigList list => [.. list.Items.OfType<ConfigScalar>().Select(item => item.Text)],
        ConfigScalar { Kind: not ScalarKind.Null } scalar => [scalar.Text],
        _ => null,
    };

    public static IEnumerable<ConfigEntry> EntriesOf(this ConfigMap? map, string key) => map.Map(key)?.Entries ?? [];
}
