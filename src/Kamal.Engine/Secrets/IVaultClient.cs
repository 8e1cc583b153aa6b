using System.Collections.Immutable;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets;

/// <summary>Fetches secrets from password managers through their own command line programs.</summary>
public interface IVaultClient
{
    /// <summary>Fetches secrets, signing in first where that is needed.</summary>
    /// <param name="request">What to fetch, and from where.</param>
    /// <param name="cancellationToken">Stops the password manager's program.</param>
    /// <returns>The secrets in the password manager's order; a name occurs once.</returns>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ArgumentInvalid"/>: no such adapter, or it needs an option; <see cref="KamalErrorId.LocalToolMissing"/>:
    /// its program is not installed; <see cref="KamalErrorId.SecretUnavailable"/>: it refused or did not find one.
    /// </exception>
    Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken);
}
