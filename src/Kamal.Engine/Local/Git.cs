using System.Collections.Immutable;
using System.Globalization;

namespace Kamal.Engine.Local;

/// <summary>Reads facts about the project's directory from git, each with one call.</summary>
/// <remarks>Use one instance per operation: results are cached.</remarks>
public sealed class Git
{
    /// <summary>
    /// Options that prevent the repository's settings from running programs: the file system monitor, which
    /// status starts, and hooks. (Filters remain on: without them, large files would look modified.)
    /// </summary>
    internal static readonly ImmutableArray<LocalText> Quiet = ["-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null"];

    private readonly ILocalRunner _runner;
    private readonly string? _directory;
    private readonly OnceAsync<Repository> _repository = new();
    private readonly OnceAsync<(string Name, string Email)> _user = new();

    /// <summary>
    /// Whether git may run filters from the repository's settings, which it uses to compare files. If not, no file counts
    /// as modified.
    /// </summary>
    public bool RunsFilters { get; init; } = true;

    /// <summary>Creates an instance for a directory.</summary>
    /// <param name="directory">The directory, or null for the current one.</param>
    public Git(ILocalRunner runner, string? directory = null)
    {
        _runner = runner;
        _directory = directory;
    }

    /// <summary>Whether the directory is inside a git work tree. False if git is not installed.</summary>
    /// <exception cref="KamalException">git rejects the repository, for example because it belongs to another user.</exception>
    public async Task<bool> IsRepositoryAsync(CancellationToken cancellationToken) =>
        (await RepositoryAsync(cancellationToken).ConfigureAwait(false)).Root is not null;

    /// <summary>The top-level directory of the work tree.</summary>
    /// <exception cref="KamalException">The directory is not inside a git repository.</exception>
    public async Task<string> RootAsync(CancellationToken cancellationToken) =>
        (await RepositoryAsync(cancellationToken).ConfigureAwait(false)).Root ?? throw NoRepository();

    /// <summary>The directory's path relative to the top-level directory, with <c>/</c>; empty at the top level.</summary>
    /// <exception cref="KamalException">The directory is not inside a git repository.</exception>
    public async Task<string> PrefixAsync(CancellationToken cancellationToken)
    {
        var repository = await RepositoryAsync(cancellationToken).ConfigureAwait(false);
        return repository.Root is null ? throw NoRepository() : repository.Prefix;
    }

    /// <summary>The checked-out commit, as 40 (or 64) hexadecimal digits.</summary>
    /// <exception cref="KamalException">The directory is not inside a git repository, or the repository has no commits.</exception>
    public async Task<string> RevisionAsync(CancellationToken cancellationToken)
    {
        var repository = await RepositoryAsync(cancellationToken).ConfigureAwait(false);
        if (repository.Root is null) throw NoRepository();
        return repository.Revision ?? throw new KamalException(
            KamalErrorId.LocalCommandFailed, $"The git repository {repository.Root} has no commits, so there is no version to deploy.")
        {
            Recommendation = "Commit the app, or set the version with -Version (--version) or the variable VERSION.",
        };
    }

    /// <summary>The configured <c>user.name</c>, or empty. Empty if git is not installed.</summary>
    public async Task<string> UserNameAsync(CancellationToken cancellationToken) =>
        (await UserAsync(cancellationToken).ConfigureAwait(false)).Name;

    /// <summary>The configured <c>user.email</c>, or empty. Empty if git is not installed.</summary>
    public async Task<string> EmailAsync(CancellationToken cancellationToken) =>
        (await UserAsync(cancellationToken).ConfigureAwait(false)).Email;

    /// <summary>Uncommitted changes, as <c>git status --porcelain</c> prints them; empty if the work tree is clean.</summary>
    public async Task<string> UncommittedChangesAsync(CancellationToken cancellationToken) => !RunsFilters ? "" :
        (await RunAsync(cancellationToken, "status", "--porcelain").ConfigureAwait(false)).EnsureSucceeded().ReadOutput().Trim();

    /// <summary>Tracked files with uncommitted changes, relative to the directory.</summary>
    public Task<IReadOnlyList<string>> ModifiedFilesAsync(CancellationToken cancellationToken) =>
        RunsFilters ? FilesAsync("--modified", cancellationToken) : Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Untracked files, including ignored ones, relative to the directory.</summary>
    public Task<IReadOnlyList<string>> UntrackedFilesAsync(CancellationToken cancellationToken) =>
        FilesAsync("--others", cancellationToken);

    /// <summary>Whether a file is committed, or staged, with LF alone as its line ends.</summary>
    /// <param name="path">The file, absolute or relative to the directory.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public async Task<bool> HasLfAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var result = await RunAsync(cancellationToken, "ls-files", "--eol", "--", path).ConfigureAwait(false);
            return result.Succeeded && result.ReadOutput().StartsWith("i/lf ", StringComparison.Ordinal);
        }
        catch (KamalException exception) when (exception.Id == KamalErrorId.LocalToolMissing)
        {
            return false;
        }
    }

    /// <summary>The latest commits, latest first; none if there is no repository, no commit or no git.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="limit">How long git may take.</param>
    public async Task<IReadOnlyList<GitCommit>> CommitsAsync(int count, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            // A repository's settings must not start the program that checks signatures.
            var result = await RunAsync(limit, cancellationToken, "log", "--no-show-signature", "--no-color", "-z", "--format=%H %ct %s",
                string.Create(CultureInfo.InvariantCulture, $"--max-count={count}")).ConfigureAwait(false);
            if (!result.Succeeded) return [];
            return
            [
                .. from line in result.ReadOutput().Split('\0', StringSplitOptions.RemoveEmptyEntries)
                   let parts = line.Split(' ', 3)
                   where parts.Length == 3 && long.TryParse(parts[1], CultureInfo.InvariantCulture, out _)
                   select new GitCommit(
                       parts[0], DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[1], CultureInfo.InvariantCulture)), parts[2]),
            ];
        }
        catch (KamalException error) when (error.Id is KamalErrorId.LocalToolMissing or KamalErrorId.TimedOut)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<string>> FilesAsync(string which, CancellationToken cancellationToken)
    {
        var result = await RunAsync(cancellationToken, "ls-files", "-z", which).ConfigureAwait(false);
        return result.EnsureSucceeded().ReadOutput().Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private Task<Repository> RepositoryAsync(CancellationToken cancellationToken) => _repository.GetAsync(async token =>
    {
        LocalResult result;
        try
        {
            result = await RunAsync(token, "rev-parse", "--show-toplevel", "--show-prefix", "HEAD").ConfigureAwait(false);
        }
        catch (KamalException exception) when (exception.Id == KamalErrorId.LocalToolMissing)
        {
            return Repository.None;
        }

        var lines = result.ReadOutput().Split('\n', StringSplitOptions.TrimEntries);
        if (result.Succeeded && lines is [var root, var prefix, var revision, ..]) return new(root, prefix.TrimEnd('/'), revision);
        // Without commits, git prints the directories, echoes HEAD and fails.
        if (lines is [var top, var below, "HEAD", ..]) return new(top, below.TrimEnd('/'), null);
        if (result.ReadError().Contains("not a git repository", StringComparison.Ordinal)) return Repository.None;
        throw result.Failure("git cannot open the project's repository");
    }, cancellationToken);

    private Task<(string Name, string Email)> UserAsync(CancellationToken cancellationToken) => _user.GetAsync(async token =>
    {
        LocalResult result;
        try
        {
            result = await RunAsync(token, "config", "-z", "--get-regexp", "^user\\.(name|email)$").ConfigureAwait(false);
        }
        catch (KamalException exception) when (exception.Id == KamalErrorId.LocalToolMissing)
        {
            return ("", "");
        }

        // Exit code 1 means that neither is set.
        if (result.ExitCode != 1) result.EnsureSucceeded();
        var (name, email) = ("", "");
        foreach (var entry in result.ReadOutput().Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = entry[(entry.IndexOf('\n', StringComparison.Ordinal) + 1)..].Trim();
            if (entry.StartsWith("user.name\n", StringComparison.Ordinal)) name = value;
            else if (entry.StartsWith("user.email\n", StringComparison.Ordinal)) email = value;
        }

        return (name, email);
    }, cancellationToken);

    private Task<LocalResult> RunAsync(CancellationToken cancellationToken, params ReadOnlySpan<LocalText> arguments) =>
        RunAsync(null, cancellationToken, arguments);

    private Task<LocalResult> RunAsync(
        TimeSpan? limit, CancellationToken cancellationToken, params ReadOnlySpan<LocalText> arguments) => _runner.RunAsync(
        new LocalCommand
        {
            FileName = "git",
            Arguments = [.. Quiet, .. arguments],
            WorkingDirectory = _directory,
            Effect = StepEffect.ReadOnly,
            Timeout = limit,
        }.WithVariable("LC_ALL", "C").WithVariable("GIT_OPTIONAL_LOCKS", "0"),
        lines: null,
        cancellationToken);

    private KamalException NoRepository() => new(
        KamalErrorId.LocalCommandFailed,
        $"{Path.GetFullPath(_directory ?? ".")} is not inside a git repository, so there is no commit to name the version after.")
    {
        Recommendation = "Run this in the app's repository, or set the version with -Version (--version) or the variable VERSION.",
    };

    private sealed record Repository(string? Root, string Prefix, string? Revision)
    {
        public static readonly Repository None = new(null, "", null);
    }
}

/// <summary>A commit.</summary>
/// <param name="Revision">Its hash, which is the version of an app that was built from it.</param>
/// <param name="CommittedAt">When it was made.</param>
/// <param name="Subject">The first line of its message, which anybody may have written.</param>
public sealed record GitCommit(string Revision, DateTimeOffset CommittedAt, string Subject);
