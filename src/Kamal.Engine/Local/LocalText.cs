using System.Diagnostics;
using Kamal.Engine.Commands;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Local;

/// <summary>An argument or environment value for a process on this machine: what the process gets, and what people see.</summary>
/// <remarks>A plain string converts to a text that is shown as it is. Being a method, <see cref="Reveal"/> is read by no serializer.</remarks>
[DebuggerDisplay("{Display}")]
public sealed record LocalText
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text;

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
    public static LocalText Plain(string text) => new(text, text);

    /// <summary>A secret, shown as <c>[REDACTED]</c>.</summary>
    public static LocalText Secret(SecretValue secret) => new(secret.Reveal(), ShellWord.Redaction);

    /// <summary>A text of which people see another one, as <c>--token=[REDACTED]</c>.</summary>
    /// <param name="text">What the process gets.</param>
    /// <param name="display">What people see.</param>
    public static LocalText Redacted(string text, string display = ShellWord.Redaction) => new(text, display);

    /// <summary>What the process gets.</summary>
    public string Reveal() => _text;

    /// <summary>A text that may be shown; see <see cref="Plain"/>.</summary>
    public static implicit operator LocalText(string text) => Plain(text);

    /// <summary>The text for people.</summary>
    public override string ToString() => Display;
}
