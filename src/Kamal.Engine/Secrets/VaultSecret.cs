namespace Kamal.Engine.Secrets;

/// <summary>A secret from a password manager.</summary>
/// <param name="Name">Its name, with the vault, folder or item that the adapter puts before it.</param>
/// <param name="Value">Its value, or null where the password manager has an empty field.</param>
public sealed record VaultSecret(string Name, SecretValue? Value);
