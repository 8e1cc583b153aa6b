using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Kamal.Engine.Configuration;

/// <summary>A section of the configuration as one line of text: what differs from the defaults.</summary>
internal static class SectionText
{
    /// <summary>The text, such as <c>Hosts=shop.example.com; Ssl=True</c>; empty if all is as by default.</summary>
    public static string Of<T>(T section)
        where T : class, new()
    {
        var byDefault = new T();
        return string.Join("; ", typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanWrite)
            .Select(property => (property.Name, Value: Text(property.GetValue(section)), Default: Text(property.GetValue(byDefault))))
            .Where(property => property.Value.Length > 0 && property.Value != property.Default)
            .Select(property => $"{property.Name}={property.Value}"));
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => SecretValue.IsPrivateKey(text) ? ShellWord.Redaction : text,
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Text)),
        HealthcheckConfiguration or ProxyRunConfiguration or DotnetConfiguration =>
            value.ToString() is { Length: > 0 } section ? $"({section})" : "",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
