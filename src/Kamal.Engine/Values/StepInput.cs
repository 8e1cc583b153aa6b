using System.Text;

namespace Kamal.Engine.Values;

/// <summary>Whether a step changes anything on its host.</summary>
public enum StepEffect
{
    /// <summary>It changes nothing.</summary>
    ReadOnly,

    /// <summary>It may change something. Never sent to a host in a preview.</summary>
    Mutating,
}

/// <summary>The standard input of a step's command, such as a file to upload or a password.</summary>
/// <remarks>Sent inside the script's own standard input; never a process argument and never shown.</remarks>
public sealed class StepInput
{
    private StepInput(ReadOnlyMemory<byte> content, string description)
    {
        Content = content;
        Description = description;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>What a preview shows, such as <c>the registry's password</c> or <c>42 bytes</c>.</summary>
    public string Description { get; }

    /// <summary>Input from text, in UTF-8.</summary>
    /// <param name="description">What a preview shows.</param>
    public static StepInput Of(string text, string description) => new(Encoding.UTF8.GetBytes(text), description);

    /// <summary>Input from bytes.</summary>
    /// <param name="description">What a preview shows.</param>
    public static StepInput Of(ReadOnlyMemory<byte> content, string description) => new(content, description);

    /// <summary>The description, never the content.</summary>
    public override string ToString() => Description;
}
