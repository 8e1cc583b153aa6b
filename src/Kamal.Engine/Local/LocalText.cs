using System.Diagnostics;
using Kamal.Engine.Commands;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Local;

/// <summary>An argument or environment value for a process on this machine: what the process gets, and what people see.</summary>
/// <remarks>A plain string converts to a text that is shown as it is. Being a method, <see cref="Reveal"/> is read by no serializer.</remarks>
[DebuggerDisplay("{Display}")]
public readonly struct LocalText : IEquatable<LocalText>
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string? _text;

    private LocalText(string text, string display)
    {
        _text = text;
        Display = display;
    }

    /// <summary>The text for people; <c>[REDACTED]</c> in place of a secret.</summary>
    public string Display { get; }

    /// <summary>Whether people see something else than the process.</summary>
    public bool IsRedacted => !string.Equals(_text, Display, StringComparison.Ordinal);

    /// <summary>A text that may be shown.</summary>
    /// <param name="text">The text.</param>
    public static LocalText Plain(string text) => new(text, text);

    /// <summary>A secret, shown as <c>[REDACTED]</c>.</summary>
    /// <param name="secret">The secret.</param>
    public static LocalText Secret(SecretValue secret) => new(secret.Reveal(), ShellWord.Redaction);

    /// <summary>A text of which people see another one, as <c>--token=[REDACTED]</c>.</summary>
    /// <param name="text">What the process gets.</param>
    /// <param name="display">What people see.</param>
    public static LocalText Redacted(string text, string display = ShellWord.Redaction) => new(text, display);

    /// <summary>What the process gets.</summary>
    public string Reveal() => _text ?? "";

    /// <summary>A text that may be shown; see <see cref="Plain"/>.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator LocalText(string text) => Plain(text);

    /// <summary>Whether both hand the same text to the process and show the same.</summary>
    /// <param name="left">One text.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(LocalText left, LocalText right) => left.Equals(right);

    /// <summary>Whether they differ in what the process gets or in what is shown.</summary>
    /// <param name="left">One text.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(LocalText left, LocalText right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(LocalText other) => Reveal() == other.Reveal() && Display == other.Display;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LocalText other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Reveal().GetHashCode(StringComparison.Ordinal);

    /// <summary>The text for people.</summary>
    public override string ToString() => Display ?? "";
}
