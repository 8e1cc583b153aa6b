namespace Kamal.Engine.Secrets;

/// <summary>A subcommand of <c>kamal secrets</c>.</summary>
public enum SecretsVerb
{
    /// <summary>Fetch secrets from a password manager.</summary>
    Fetch,

    /// <summary>Take one secret out of what was fetched.</summary>
    Extract,

    /// <summary>Print the secrets of the project.</summary>
    Print,
}
