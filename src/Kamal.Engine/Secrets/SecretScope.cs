namespace Kamal.Engine.Secrets;

/// <summary>What a name means at a place in a secrets file: an assignment before it, else an environment variable.</summary>
internal sealed class SecretScope(Func<string, SecretText?> assigned, Func<string, string?> environment)
{
    /// <summary>The value that the files assign to a name before this place, or null.</summary>
    /// <param name="name">The name.</param>
    public SecretText? Find(string name) => assigned(name);

    /// <summary>Whether the environment has a name that the files do not assign.</summary>
    /// <param name="name">The name.</param>
    public string? FindVariable(string name) => environment(name);

    /// <summary>The text that stands for a reference; empty when nothing has the name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="fallback">What stands for an unset or empty one.</param>
    public string Expand(string name, string? fallback)
    {
        var value = Find(name)?.Text ?? FindVariable(name);
        return fallback is not null && string.IsNullOrEmpty(value) ? fallback : value ?? "";
    }
}
