using System.Text;

namespace Kamal.Engine.Hosts;

/// <summary>What a step's command reads from its standard input: a file to upload, a password.</summary>
/// <remarks>It travels inside the script's own standard input and is nobody's argument; it is never shown.</remarks>
public sealed class StepInput
{
    private StepInput(ReadOnlyMemory<byte> content, string description)
    {
        Content = content;
        Description = description;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>What it is, for a preview; as "the registry's password" or "42 bytes".</summary>
    public string Description { get; }

    /// <summary>Input from text, in UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <param name="description">What it is, for a preview.</param>
    public static StepInput Of(string text, string description) => new(Encoding.UTF8.GetBytes(text), description);

    /// <summary>Input from bytes.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="description">What it is, for a preview.</param>
    public static StepInput Of(ReadOnlyMemory<byte> content, string description) => new(content, description);

    /// <summary>The description, never the content.</summary>
    public override string ToString() => Description;
}
