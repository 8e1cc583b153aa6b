using System.Diagnostics;

namespace Kamal.Engine.Local;

/// <summary>An argument or environment value for a local process, with a text for display.</summary>
/// <remarks>
/// A string converts to a text that is shown as is. <see cref="Reveal"/> is a method, so that serializers do not read it.
/// </remarks>
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

    /// <summary>The text for display; <c>[REDACTED]</c> for a secret.</summary>
    public string Display { get; }

    /// <summary>Whether the text for display differs.</summary>
    public bool IsRedacted => !string.Equals(_text, Display, StringComparison.Ordinal);

    /// <summary>A text that is shown as is.</summary>
    public static LocalText Plain(string text) => new(text, text);

    /// <summary>A secret, shown as <c>[REDACTED]</c>.</summary>
    public static LocalText Secret(SecretValue secret) => new(secret.Reveal(), ShellWord.Redaction);

    /// <summary>A text with another text for display, such as <c>--token=[REDACTED]</c>.</summary>
    /// <param name="text">The value for the process.</param>
    /// <param name="display">The text for display.</param>
    public static LocalText Redacted(string text, string display = ShellWord.Redaction) => new(text, display);

    /// <summary>The value for the process.</summary>
    public string Reveal() => _text;

    /// <summary>A text that is shown as is; see <see cref="Plain"/>.</summary>
    public static implicit operator LocalText(string text) => Plain(text);

    /// <summary>The text for display.</summary>
    public override string ToString() => Display;
}
