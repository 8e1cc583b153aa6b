using System.Diagnostics;

namespace Kamal.Ssh;

/// <summary>A password or private key, which no log, error, serializer or debugger shows by accident.</summary>
[DebuggerDisplay("[REDACTED]")]
public sealed class SshSecret : IEquatable<SshSecret>
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text;

    /// <summary>Wraps a secret.</summary>
    public SshSecret(string text) => _text = text;

    /// <summary>The secret itself. A method, so that no serializer reads it.</summary>
    public string Reveal() => _text;

    /// <inheritdoc/>
    public bool Equals(SshSecret? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SshSecret);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Always <c>[REDACTED]</c>.</summary>
    public override string ToString() => "[REDACTED]";
}

/// <summary>A private key that is given as text instead of as a file.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Text">The key, in any format that a key file may have.</param>
public sealed record SshKeyText(string Name, SshSecret Text);
