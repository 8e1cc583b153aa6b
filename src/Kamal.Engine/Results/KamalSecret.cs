using System.Security;

namespace Kamal.Engine.Results;

/// <summary>A secret from the project's files or a password manager. Only its name is shown.</summary>
/// <param name="Name">The name. For a password manager, prefixed with the vault, folder or item.</param>
/// <param name="Value">The value, which is opaque; null for an empty field of a password manager.</param>
public sealed record KamalSecret(string Name, SecretValue? Value)
{
    /// <summary>The value as a read-only SecureString, for use in a credential.</summary>
    public SecureString ToSecureString()
    {
        var secure = new SecureString();
        foreach (var c in Value?.Reveal() ?? "") secure.AppendChar(c);
        secure.MakeReadOnly();
        return secure;
    }

    /// <summary><see cref="Name"/>.</summary>
    public override string ToString() => Name;
}
