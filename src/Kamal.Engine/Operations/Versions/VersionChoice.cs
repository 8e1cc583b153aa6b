namespace Kamal.Engine.Operations;

/// <summary>Chooses a version among those that the hosts have, or says why none can be chosen.</summary>
/// <param name="all">Each selected role on each selected host, the primary role first.</param>
/// <param name="now">The time, for ages.</param>
internal sealed class VersionChoice(IReadOnlyList<RoleVersions> all, DateTimeOffset now)
{
    private const string NameIt = "Specify a version that is there (Invoke-KamalRollback VERSION, kamal rollback VERSION), or deploy one.";

    /// <summary>The version that served before the current one on all of them.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.VersionNotFound"/>: there is none.</exception>
    public string Previous()
    {
        // After a deploy that reached some hosts only, what the others run is what to go back to.
        var isMixed = all.Select(one => one.Current).Distinct().Count() > 1;
        var sequence = all.Count > 0 ? all[0].Sequence().Skip(isMixed ? 0 : 1) : [];
        return sequence.FirstOrDefault(version => all.All(one => one.HasServed(version)))
            ?? throw new KamalException(KamalErrorId.VersionNotFound,
                "There is no earlier version that became healthy on all selected hosts and still has its containers.\n" + WhatThereIs())
            {
                Recommendation = NameIt,
            };
    }

    /// <summary>The version to roll back to that a prefix, or a whole version, stands for.</summary>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.VersionNotFound"/>: a role has no container of it. <see cref="KamalErrorId.VersionAmbiguous"/>.
    /// </exception>
    public string Present(string given)
    {
        var version = Expand(given, []) ?? given;
        var missing = all.Where(one => one.Containers.All(container => container.Version != version)).ToList();
        return missing.Count == 0 && all.Count > 0 ? version : throw new KamalException(KamalErrorId.VersionNotFound,
            $"There is no container of version {version} to go back to on {string.Join(", ", missing.Select(one => one.Place))}.\n"
                + WhatThereIs())
        {
            HostName = missing.Count == 1 ? missing[0].HostName : null,
            Recommendation = NameIt,
        };
    }

    /// <summary>The version that begins with a text; null if none does, or if the text is itself one.</summary>
    /// <param name="given">The text.</param>
    /// <param name="others">Versions besides those of containers, such as the tags of images.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.VersionAmbiguous"/>: several do.</exception>
    public string? Expand(string given, IReadOnlyCollection<string> others)
    {
        var containers = all.SelectMany(one => one.Containers).ToList();
        var versions = containers.Select(container => container.Version).Concat(others).Distinct().ToList();
        if (versions.Contains(given)) return null;
        var found = versions.Where(version => version.StartsWith(given, StringComparison.Ordinal)).ToList();
        if (found.Count <= 1) return found.FirstOrDefault();
        var told = found.Select(version => containers.Where(container => container.Version == version)
            .MaxBy(container => container.CreatedAt) is { } youngest
                ? $"{version} (created {Age.Of(now - youngest.CreatedAt)} ago)"
                : $"{version} (an image)");
        throw new KamalException(KamalErrorId.VersionAmbiguous, $"Several versions begin with {given}: {string.Join(", ", told)}.")
        {
            Recommendation = "Specify more characters.",
        };
    }

    /// <summary>The same error, with what there is.</summary>
    public KamalException Explain(KamalException error) => new(error.Id, $"{error.Message}\n{WhatThereIs()}", error)
    {
        Causes = error.Causes, HostName = error.HostName, Role = error.Role, Recommendation = NameIt,
    };

    private string WhatThereIs() => string.Join('\n', all.Select(one => one.Describe(now)));
}
