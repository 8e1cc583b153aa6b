namespace Kamal.Engine.Secrets;

/// <summary>A value while values are made: its text, and the JSON that it is the shell-escaped form of, if it is a fetch's.</summary>
/// <remarks>A class, not a record: a record would print its members.</remarks>
internal sealed class SecretText(string text, string? json = null)
{
    /// <summary>The value.</summary>
    public string Text { get; } = text;

    /// <summary>What <c>kamal secrets fetch</c> found, before it was escaped; null for other values.</summary>
    public string? Json { get; } = json;

    /// <summary>The value for a place that takes it as one word.</summary>
    public string Word => Json ?? Text;

    /// <inheritdoc/>
    public override string ToString() => "[REDACTED]";
}
