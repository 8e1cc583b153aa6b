namespace Kamal.Engine.Configuration;

/// <summary>A secret under the name that the container sees: <c>NAME</c>, or <c>NAME:KEY</c> where the secrets file calls it otherwise.</summary>
/// <param name="Name">The environment variable in the container.</param>
/// <param name="Key">The key in the secrets file.</param>
public sealed record SecretBinding(string Name, string Key)
{
    /// <summary>Reads <c>NAME</c> or <c>NAME:KEY</c>.</summary>
    /// <param name="text">The configured text.</param>
    public static SecretBinding Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(text, text) : new(text[..colon], text[(colon + 1)..]);
    }
}
