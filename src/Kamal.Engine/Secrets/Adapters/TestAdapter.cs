using System.Collections.Immutable;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>Kamal's adapter for trying things out: a secret's value is its name backwards.</summary>
internal sealed class TestAdapter : IVaultAdapter
{
    public bool RequiresAccount => true;

    public Task<ImmutableArray<KamalSecret>> FetchAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var found = new VaultResults();
        foreach (var name in request.FullNames())
        {
            var text = name.Replace("LPAREN", "(", StringComparison.Ordinal).Replace("RPAREN", ")", StringComparison.Ordinal);
            found.Set(name, string.Concat(text.EnumerateRunes().Reverse()));
        }

        return Task.FromResult(found.ToSecrets());
    }
}
