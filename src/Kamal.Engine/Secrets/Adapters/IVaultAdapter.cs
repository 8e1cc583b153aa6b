using System.Collections.Immutable;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>
/// One kind of password manager: which calls of its program fetch secrets. Facts: Kamal 2.12, documented in "kamal secrets".
/// </summary>
internal interface IVaultAdapter
{
    /// <summary>Whether an account has to be named.</summary>
    bool RequiresAccount { get; }

    /// <summary>Signs in where needed, and fetches.</summary>
    /// <param name="request">What to fetch.</param>
    /// <param name="cancellationToken">Stops the program.</param>
    Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken);
}
