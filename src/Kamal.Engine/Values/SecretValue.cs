using System.Diagnostics;

namespace Kamal.Engine.Values;

/// <summary>A secret after reading: opaque, so that no log, error, serializer or debugger shows it by accident.</summary>
[DebuggerDisplay("[REDACTED]")]
public sealed class SecretValue : IEquatable<SecretValue>
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly Lazy<string> _text;

    /// <summary>Wraps a secret.</summary>
    /// <param name="text">The secret itself.</param>
    public SecretValue(string text) => _text = new(text);

    /// <summary>A secret that is made when it is revealed for the first time.</summary>
    /// <param name="make">Makes it.</param>
    internal SecretValue(Func<string> make) => _text = new(make);

    /// <summary>The secret itself, for the one place that hands it on. A method, so that no serializer reads it.</summary>
    public string Reveal() => _text.Value;

    /// <inheritdoc/>
    public bool Equals(SecretValue? other) => other is not null && string.Equals(_text.Value, other._text.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SecretValue);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.Value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Always <c>[REDACTED]</c>.</summary>
    public override string ToString() => "[REDACTED]";

    /// <summary>Whether text is a private key rather than the name of a secret.</summary>
    public static bool IsPrivateKey(string text) => text.Contains("PRIVATE KEY", StringComparison.Ordinal);
}
