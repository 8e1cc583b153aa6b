using System.Security;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Results;

/// <summary>A secret: of the project's files, or from a password manager. Shows its name only.</summary>
/// <param name="Name">Its name; from a password manager with the vault, folder or item that the adapter puts before it.</param>
/// <param name="Value">Its value, opaque; null where a password manager has an empty field.</param>
public sealed record KamalSecret(string Name, SecretValue? Value)
{
    /// <summary>The value as a SecureString, as credentials take it; read-only.</summary>
    public SecureString ToSecureString()
    {
        var secure = new SecureString();
        foreach (var c in Value?.Reveal() ?? "") secure.AppendChar(c);
        secure.MakeReadOnly();
        return secure;
    }
}
