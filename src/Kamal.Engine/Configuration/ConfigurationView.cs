using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Configuration;

/// <summary>
/// A configuration for display: everything in deploy.yml except passwords, private keys, tokens in options and
/// credentials in URLs.
/// </summary>
public static class ConfigurationView
{
    private static readonly MethodInfo ArrayOf = typeof(ConfigurationView)
        .GetMethod(nameof(CleanArray), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>A copy without secrets.</summary>
    public static KamalConfiguration Of(KamalConfiguration configuration)
    {
        var redactor = RedactorOf(configuration);
        var copy = (KamalConfiguration)Clean(configuration, redactor.Redact)!;
        return copy.Output.OtelEndpoint is { } endpoint
            ? copy with { Output = copy.Output with { OtelEndpoint = LiteralSecrets.WithoutCredentials(endpoint) } }
            : copy;
    }

    /// <summary>A redactor for the secrets in a configuration.</summary>
    internal static SecretRedactor RedactorOf(KamalConfiguration configuration)
    {
        var register = new SecretRegister();
        register.Publish(LiteralSecrets.PublicWords(configuration));
        foreach (var (name, value) in LiteralSecrets.Of(configuration)) register.Add(name, value);
        return register.Redactor;
    }

    private static object? Clean(object? value, Func<string, string> redact) => value switch
    {
        string text => SecretValue.IsPrivateKey(text) ? ShellWord.Redaction : redact(text),
        ImmutableDictionary<string, string> texts =>
            texts.SetItems(texts.Select(pair => KeyValuePair.Create(pair.Key, redact(pair.Value)))),
        null or SecretValue => value,
        IEnumerable when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) =>
            ArrayOf.MakeGenericMethod(type.GenericTypeArguments).Invoke(null, [value, redact]),
        _ when value.GetType() is { IsClass: true } type && type.Namespace == typeof(KamalConfiguration).Namespace =>
            Copy(value, type, redact),
        _ => value,
    };

    private static ImmutableArray<T> CleanArray<T>(ImmutableArray<T> array, Func<string, string> redact) =>
        array.IsDefaultOrEmpty ? array : [.. array.Select(item => (T)Clean(item, redact)!)];

    private static object Copy(object value, Type type, Func<string, string> redact)
    {
        if (type.GetMethod("<Clone>$") is not { } clone) return value;
        object? copy = null;
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite))
        {
            var before = property.GetValue(value);
            var after = Clean(before, redact);
            if (Equals(before, after)) continue;
            copy ??= clone.Invoke(value, null)!;
            property.SetValue(copy, after);
        }

        return copy ?? value;
    }
}
