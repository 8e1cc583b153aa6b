using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Sessions;

namespace Kamal.Completion;

/// <summary>
/// The versions that completion offers: those that cmdlets have seen on hosts or, before they have seen any, the project's latest
/// commits. Each with its age, the commit's subject and whether it became healthy.
/// </summary>
internal sealed class KnownVersions
{
    private const int SubjectsOf = 500;
    private const int CommitsOffered = 20;

    /// <summary>How long git may take while the user waits for Tab.</summary>
    private static readonly TimeSpan GitLimit = TimeSpan.FromMilliseconds(300);

    private readonly Dictionary<string, GitCommit> _commits;
    private readonly IReadOnlyList<SeenVersion> _seen;

    private KnownVersions(IReadOnlyList<GitCommit> commits, IReadOnlyList<SeenVersion> seen)
    {
        _commits = commits.ToDictionary(commit => commit.Revision);
        _seen = seen;
        All = seen.Count > 0 ? [.. seen.Select(one => one.Version)] : [.. commits.Take(CommitsOffered).Select(commit => commit.Revision)];
    }

    /// <summary>The versions, latest first.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Reads the commits of a directory. Connects to nothing.</summary>
    /// <param name="directory">The project's directory.</param>
    /// <param name="seen">What has been seen of the project.</param>
    public static KnownVersions Read(string directory, SeenNames seen)
    {
        // The runspace's thread has no context that could wait for itself.
        var commits = new Git(new LocalRunner(), directory).CommitsAsync(SubjectsOf, GitLimit, CancellationToken.None)
            .GetAwaiter().GetResult();
        return new(commits, seen.Versions);
    }

    /// <summary>A line about a version: "3h  served  Fix the login".</summary>
    public string Describe(string version)
    {
        var seen = _seen.FirstOrDefault(one => one.Version == version);
        var commit = _commits.GetValueOrDefault(version);
        var served = seen is null ? "not seen on a host" : seen.Served switch
        {
            true => "served", false => "never became healthy", null => "on a host",
        };
        var made = seen?.CreatedAt ?? commit?.CommittedAt;
        string[] parts = [made is { } at ? Age.Of(DateTimeOffset.UtcNow - at) : "", served, commit?.Subject ?? ""];
        return EventGuard.OfProcess().Line(string.Join("  ", parts.Where(part => part.Length > 0)));
    }
}
