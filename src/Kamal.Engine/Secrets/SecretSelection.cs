using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets;

/// <summary>Takes one secret out of several, by the rule of <c>kamal secrets extract</c>.</summary>
public static class SecretSelection
{
    /// <summary>The secret with that whole name, else the first whose name ends with a slash and that name.</summary>
    /// <param name="secrets">The secrets.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.SecretUnavailable"/>: there is none, or it has no value.</exception>
    public static KamalSecret Select(IReadOnlyList<KamalSecret> secrets, string name)
    {
        var valued = secrets.Where(secret => secret.Value is not null).ToList();
        return valued.Find(secret => secret.Name == name)
            ?? valued.Find(secret => secret.Name.EndsWith("/" + name, StringComparison.Ordinal))
            ?? throw new KamalException(KamalErrorId.SecretUnavailable, $"Could not find secret {name} in what was fetched.")
            {
                Recommendation = $"Fetch it: kamal secrets fetch … {name}",
            };
    }
}
