namespace Kamal.Engine.Secrets.Redaction;

/// <summary>One way to write a character.</summary>
/// <param name="Text">What is written.</param>
/// <param name="IgnoreCase">Whether hexadecimal digits in it may have either case.</param>
internal readonly record struct CharacterForm(string Text, bool IgnoreCase = false)
{
    /// <summary>Whether the text has this form at a place.</summary>
    public bool IsAt(ReadOnlySpan<char> text, int index) =>
        text.Length - index >= Text.Length
            && text.Slice(index, Text.Length).Equals(Text, IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
