using System.Text.Json;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>Reading JSON of programs whose answers may lack anything.</summary>
internal static class JsonElementExtensions
{
    /// <summary>A member of an object, or null if it is missing or null.</summary>
    /// <param name="element">The object; anything else has no members.</param>
    /// <param name="name">The member's name.</param>
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A member that is text, or null.</summary>
    /// <param name="element">The object.</param>
    /// <param name="name">The member's name.</param>
    public static string? TextMember(this JsonElement element, string name) =>
        element.Member(name) is { } value ? SecretsJson.Text(value) : null;

    /// <summary>The elements of an array; none of anything else.</summary>
    /// <param name="element">The array.</param>
    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];
}
