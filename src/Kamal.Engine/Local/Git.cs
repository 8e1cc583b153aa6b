using System.Collections.Immutable;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Local;

/// <summary>What git says about the project's directory. Each fact costs one call of git, and is asked for once.</summary>
/// <remarks>One instance serves one operation: what it has read it does not read again.</remarks>
public sealed class Git
{
    /// <summary>
    /// Options in front of git's command that keep the repository's own settings from running programs: the file system monitor, which
    /// status asks, and hooks. (Filters for large files stay: without them a file would look changed.)
    /// </summary>
    internal static readonly ImmutableArray<LocalText> Quiet = ["-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null"];

    private readonly ILocalRunner _runner;
    private readonly string? _directory;
    private readonly OnceAsync<Repository> _repository = new();
    private readonly OnceAsync<(string Name, string Email)> _user = new();

    /// <summary>
    /// Whether git may run filters that the repository's own settings name, as it does to compare files; where it may not, nothing counts
    /// as changed.
    /// </summary>
    public bool RunsFilters { get; init; } = true;

    /// <summary>Creates a view of a directory.</summary>
    /// <param name="directory">The directory, or null for the current one.</param>
    public Git(ILocalRunner runner, string? directory = null)
    {
        _runner = runner;
        _directory = directory;
    }

    /// <summary>Whether the directory is inside a work tree of git. False too when there is no git.</summary>
    /// <exception cref="KamalException">git refuses the repository, as one that belongs to somebody else.</exception>
    public async Task<bool> IsRepositoryAsync(CancellationToken cancellationToken) =>
        (await RepositoryAsync(cancellationToken).ConfigureAwait(false)).Root is not null;

    /// <summary>The work tree's top directory.</summary>
    /// <exception cref="KamalException">There is no repository.</exception>
    public async Task<string> RootAsync(CancellationToken cancellationToken) =>
        (await RepositoryAsync(cancellationToken).ConfigureAwait(false)).Root ?? throw NoRepository();

    /// <summary>Where the directory is below the work tree's top directory, with <c>/</c> between names; empty at the top.</summary>
    /// <exception cref="KamalException">There is no repository.</exception>
    public async Task<string> PrefixAsync(CancellationToken cancellationToken)
    {
        var repository = await RepositoryAsync(cancellationToken).ConfigureAwait(false);
        return repository.Root is null ? throw NoRepository() : repository.Prefix;
    }

    /// <summary>The checked-out commit, as 40 (or 64) hexadecimal digits.</summary>
    /// <exception cref="KamalException">There is no repository, or no commit in it.</exception>
    public async Task<string> RevisionAsync(CancellationToken cancellationToken)
    {
        var repository = await RepositoryAsync(cancellationToken).ConfigureAwait(false);
        if (repository.Root is null) throw NoRepository();
        return repository.Revision ?? throw new KamalException(
            KamalErrorId.LocalCommandFailed, $"The git repository {repository.Root} has no commit, so there is no version to deploy.")
        {
            Recommendation = "Commit the app, or set the version with -Version (--version) or the variable VERSION.",
        };
    }

    /// <summary>The configured <c>user.name</c>, or empty. Empty too when there is no git.</summary>
    public async Task<string> UserNameAsync(CancellationToken cancellationToken) => (await UserAsync(cancellationToken).ConfigureAwait(false)).Name;

    /// <summary>The configured <c>user.email</c>, or empty. Empty too when there is no git.</summary>
    public async Task<string> EmailAsync(CancellationToken cancellationToken) => (await UserAsync(cancellationToken).ConfigureAwait(false)).Email;

    /// <summary>What is not committed, as <c>git status --porcelain</c> prints it; empty when the work tree is clean.</summary>
    public async Task<string> UncommittedChangesAsync(CancellationToken cancellationToken) => !RunsFilters ? "" :
        (await RunAsync(cancellationToken, "status", "--porcelain").ConfigureAwait(false)).EnsureSucceeded().ReadOutput().Trim();

    /// <summary>Tracked files with changes that are not committed, relative to the directory.</summary>
    public Task<IReadOnlyList<string>> ModifiedFilesAsync(CancellationToken cancellationToken) =>
        RunsFilters ? FilesAsync("--modified", cancellationToken) : Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Files that are not tracked, ignored ones too, relative to the directory.</summary>
    public Task<IReadOnlyList<string>> UntrackedFilesAsync(CancellationToken cancellationToken) => FilesAsync("--others", cancellationToken);

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
        // Without a commit git prints the directories, echoes HEAD and fails.
        if (lines is [var top, var below, "HEAD", ..]) return new(top, below.TrimEnd('/'), null);
        if (result.ReadError().Contains("not a git repository", StringComparison.Ordinal)) return Repository.None;
        throw result.Failure("git does not open the project's repository");
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

        // Exit code 1 says that neither is set.
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

    private Task<LocalResult> RunAsync(CancellationToken cancellationToken, params ReadOnlySpan<LocalText> arguments) => _runner.RunAsync(
        new LocalCommand
        {
            FileName = "git",
            Arguments = [.. Quiet, .. arguments],
            WorkingDirectory = _directory,
            Effect = StepEffect.ReadOnly,
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
