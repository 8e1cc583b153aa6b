using System.Collections;
using Kamal.Engine.Secrets;

namespace Kamal.Completion;

/// <summary>Completes names from the project's secrets files. Runs none of their commands and shows no value.</summary>
public abstract class SecretsFileCompleter : KamalCompleter
{
    /// <summary>The names that are completed.</summary>
    internal abstract IEnumerable<string> Of(SecretNames names);

    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(bound);
        return Of(Secrets(Names(bound), bound["Destination"] as string));
    }
}

/// <summary>Completes the secrets of the project.</summary>
public sealed class SecretCompleter : SecretsFileCompleter
{
    internal override IEnumerable<string> Of(SecretNames names) => names.Names;
}

/// <summary>Completes the accounts that the secrets files use at password managers.</summary>
public sealed class VaultAccountCompleter : SecretsFileCompleter
{
    internal override IEnumerable<string> Of(SecretNames names) => names.Accounts;
}

/// <summary>Completes the vaults that the secrets files use.</summary>
public sealed class VaultCompleter : SecretsFileCompleter
{
    internal override IEnumerable<string> Of(SecretNames names) => names.Sources;
}

/// <summary>Completes the secrets that the secrets files fetch from password managers.</summary>
public sealed class VaultSecretCompleter : SecretsFileCompleter
{
    internal override IEnumerable<string> Of(SecretNames names) => names.VaultNames;
}

/// <summary>Completes the names of secrets: those in the project's files and those that they fetch.</summary>
public sealed class AnySecretCompleter : SecretsFileCompleter
{
    internal override IEnumerable<string> Of(SecretNames names) => names.VaultNames.Concat(names.Names).Distinct();
}
