using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Reads nodes of any shape; a value of the wrong shape reads as missing.</summary>
internal static class NodeReading
{
    public static ConfigMap? Map(this ConfigMap? map, string key) => map?[key] as ConfigMap;

    public static ConfigScalar? Scalar(this ConfigMap? map, string key) => map?[key] as ConfigScalar;

    /// <summary>The text of a scalar; null if it is missing, null, or blank.</summary>
    public static string? Text(this ConfigMap? map, string key) => map.Scalar(key) is { IsBlank: false } scalar ? scalar.Text : null;

    public static bool? Flag(this ConfigMap? map, string key) =>
        map.Scalar(key) is { Kind: ScalarKind.Boolean } scalar ? scalar.IsTrue : null;

    public static int? Number(this ConfigMap? map, string key) =>
        map.Scalar(key) is { } scalar && int.TryParse(scalar.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    public static TimeSpan? Duration(this ConfigMap? map, string key) =>
        map.Number(key) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>The texts of a list, or of a single scalar; null if the key is missing.</summary>
    public static ImmutableArray<string>? Texts(this ConfigMap? map, string key) => map?[key] switch
    {
        ConfigList list => [.. list.Items.OfType<ConfigScalar>().Select(item => item.Text)],
        ConfigScalar { Kind: not ScalarKind.Null } scalar => [scalar.Text],
        _ => null,
    };

    public static IEnumerable<ConfigEntry> EntriesOf(this ConfigMap? map, string key) => map.Map(key)?.Entries ?? [];
}
