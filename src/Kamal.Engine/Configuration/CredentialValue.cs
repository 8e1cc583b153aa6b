namespace Kamal.Engine.Configuration;

/// <summary>A user name or password: written out in the file, or the name of a secret.</summary>
public sealed record CredentialValue
{
    /// <summary>The value itself, if the file holds it. Treated as secret in every display.</summary>
    public Secrets.SecretValue? Literal { get; init; }

    /// <summary>The value where it is a plain user name that the file holds and anybody may see; null for a password.</summary>
    public string? Plain { get; init; }

    /// <summary>The secret's name, if the file names one (<c>password: [ NAME ]</c>).</summary>
    public string? SecretName { get; init; }
}
