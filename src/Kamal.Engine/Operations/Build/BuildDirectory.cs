using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Kamal.Common;
using Kamal.Engine.Events;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>
/// Where the image is built: a clone of the git repository, so that nothing uncommitted gets into it, or the project itself
/// where the configuration names a context or there is no repository. The clone is Kamal's, and kept for the next build.
/// </summary>
internal sealed class BuildDirectory(Run run)
{
    /// <summary>How much of the hash of the project's directory names its clone (Kamal 2.12).</summary>
    private const int HashLength = 13;

    /// <summary>Keeps the committed line ends, which Git for Windows converts by default.</summary>
    private static readonly ImmutableArray<LocalText> AsCommitted =
        ["-c", "core.autocrlf=false", "-c", "core.eol=lf", "-c", "core.longpaths=true"];

    /// <summary>Prepares the directory.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="KamalException"><see cref="KamalErrorId.BuildFailed"/>: git could not make the clone.</exception>
    public async Task<string> PrepareAsync()
    {
        var project = run.Context.Configuration.ProjectDirectory;
        if (!await run.Context.Git.IsRepositoryAsync(run.Cancellation).ConfigureAwait(false)) return project;
        var changes = await run.Context.Git.UncommittedChangesAsync(run.Cancellation).ConfigureAwait(false);
        if (run.Context.Configuration.Builder.Context is not null)
        {
            if (changes.Length > 0) run.Sink.Warn($"The image is built with changes that are not committed:\n{changes}");
            return project;
        }

        if (changes.Length > 0)
        {
            run.Sink.Warn("The image is built from a clone of the git repository, without these changes, which are not "
                + $"committed:\n{changes}");
        }
        var clone = await DescribeAsync().ConfigureAwait(false);
        await PrepareAsync(clone).ConfigureAwait(false);
        return clone.BuildDirectory;
    }

    private async Task PrepareAsync(Clone clone)
    {
        try
        {
            var found = Directory.Exists(clone.Repository) && Directory.EnumerateFileSystemEntries(clone.Repository).Any();
            if (found && !SettingsOf(clone).Contains("autocrlf = false", StringComparison.Ordinal))
            {
                // An earlier version of this module made it, perhaps with converted line ends, which git takes for unchanged.
                Delete(clone.Directory);
                found = false;
            }

            if (found) await ResetAsync(clone).ConfigureAwait(false);
            else await MakeAsync(clone).ConfigureAwait(false);
            await CheckAsync(clone).ConfigureAwait(false);
        }
        catch (KamalException error) when (error.Id == KamalErrorId.BuildFailed)
        {
            run.Sink.Warn($"The clone of the repository could not be used and is created again: {error.Message}");
            Delete(clone.Directory);
            await MakeAsync(clone).ConfigureAwait(false);
            await CheckAsync(clone).ConfigureAwait(false);
        }

        await WarnOfLinksAsync(clone).ConfigureAwait(false);
    }

    private static string SettingsOf(Clone clone)
    {
        try
        {
            return BoundedFile.ReadText(Path.Join(clone.Repository, ".git", "config"), BoundedFile.SettingsLimit);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Without the right to make symbolic links, git notes so in the clone and writes files with the links' targets.</summary>
    private async Task WarnOfLinksAsync(Clone clone)
    {
        if (run.IsPreview || !SettingsOf(clone).Contains("symlinks = false", StringComparison.Ordinal)) return;
        var entries = await GitAsync(clone.Repository, StepEffect.ReadOnly, "ls-files", "-s", "-z").ConfigureAwait(false);
        var links = entries.Split('\0').Where(entry => entry.StartsWith("120000 ", StringComparison.Ordinal))
            .Select(entry => entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..]).ToList();
        if (links.Count == 0) return;
        run.Sink.Warn($"The image gets text files in place of these symbolic links: {string.Join(", ", links)}. On Windows, turn on "
            + $"developer mode so that git can make links, and delete {clone.Directory}.");
    }

    private async Task<Clone> DescribeAsync()
    {
        var root = await run.Context.Git.RootAsync(run.Cancellation).ConfigureAwait(false);
        var prefix = await run.Context.Git.PrefixAsync(run.Cancellation).ConfigureAwait(false);
        var revision = await run.Context.Git.RevisionAsync(run.Cancellation).ConfigureAwait(false);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prefix.Length == 0 ? root : $"{root}/{prefix}")));
        var directory = Path.Join(Parent(), $"{run.Context.Configuration.Service}-{hash[..HashLength]}");
        var repository = Path.Join(directory, Path.GetFileName(root));
        return new(root, revision, directory, repository, prefix.Length == 0 ? repository : Path.Join(repository, prefix));
    }

    private async Task MakeAsync(Clone clone)
    {
        run.Sink.Inform($"Cloning the repository into {clone.Repository}...");
        if (!run.IsPreview) MakeDirectory(clone.Directory);
        await GitAsync(clone.Directory, "clone", "-c", "core.autocrlf=false", clone.Root, "--recurse-submodules").ConfigureAwait(false);
    }

    private async Task ResetAsync(Clone clone)
    {
        run.Sink.Inform($"Bringing the clone in {clone.Repository} up to date...");
        var directory = clone.BuildDirectory;
        if (!Directory.Exists(directory)) directory = clone.Repository;
        await GitAsync(directory, "remote", "set-url", "origin", clone.Root).ConfigureAwait(false);
        await GitAsync(directory, "fetch", "origin").ConfigureAwait(false);
        await GitAsync(directory, "reset", "--hard", clone.Revision).ConfigureAwait(false);
        await GitAsync(directory, "clean", "-fdx").ConfigureAwait(false);
        await GitAsync(directory, "submodule", "update", "--init", "--recursive").ConfigureAwait(false);
        await GitAsync(directory, "gc", "--auto", "--quiet").ConfigureAwait(false);
    }

    private async Task CheckAsync(Clone clone)
    {
        if (run.IsPreview) return;
        var status = (await GitAsync(clone.Repository, StepEffect.ReadOnly, "status", "--porcelain").ConfigureAwait(false)).Trim();
        if (status.Length > 0)
        {
            throw new KamalException(
                KamalErrorId.BuildFailed, $"The clone in {clone.Repository} is not clean: {status.ReplaceLineEndings("; ")}.");
        }
        var revision = (await GitAsync(clone.Repository, StepEffect.ReadOnly, "rev-parse", "HEAD").ConfigureAwait(false)).Trim();
        if (revision != clone.Revision)
        {
            throw new KamalException(
                KamalErrorId.BuildFailed, $"The clone in {clone.Repository} has commit {revision} instead of {clone.Revision}.");
        }
    }

    private Task<string> GitAsync(string directory, params LocalText[] arguments) => GitAsync(directory, StepEffect.Mutating, arguments);

    private async Task<string> GitAsync(string directory, StepEffect effect, params LocalText[] arguments)
    {
        // A caller such as git's own hook points git at another repository by these variables.
        var command = (LocalCommand.Of("git", "-C", directory).Add([.. Git.Quiet, .. AsCommitted]).Add(arguments) with { Effect = effect })
            .WithVariable("GIT_DIR", null).WithVariable("GIT_WORK_TREE", null).WithVariable("GIT_INDEX_FILE", null);
        var result = await run.LocalAsync(command).ConfigureAwait(false);
        return result.EnsureSucceeded("The repository could not be cloned for the build", KamalErrorId.BuildFailed).ReadOutput();
    }

    /// <summary>
    /// The directory of all clones: in the account's cache, or where it has none, in the temporary directory under its own number. Kamal's
    /// is the temporary directory's kamal-clones, which another account can make first, and then put its own Dockerfile into our builds.
    /// </summary>
    private string Parent()
    {
        if (run.IsPreview) return Path.Join(OwnDirectory.Cache, "kamal-powershell", "clones");
        try
        {
            return OwnDirectory.Make(OwnDirectory.Cache, "kamal-powershell", "clones");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            run.Sink.Detail($"The cache directory cannot hold the clone for the build: {error.Message}");
        }

        var own = OwnDirectory.TemporaryName("kamal-clones");
        try
        {
            return OwnDirectory.Make(Path.GetTempPath(), own);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(Path.Join(Path.GetTempPath(), own), "made safely", error);
        }
    }

    private static void MakeDirectory(string directory)
    {
        try
        {
            OwnDirectory.Make(Path.GetDirectoryName(directory)!, Path.GetFileName(directory));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(directory, "made", error);
        }
    }

    private void Delete(string directory)
    {
        if (run.IsPreview || !Directory.Exists(directory)) return;
        try
        {
            if (OperatingSystem.IsWindows()) MakeWritable(directory);
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(directory, "deleted", error);
        }
    }

    /// <summary>Git's objects are read-only files, which Windows does not delete.</summary>
    private static void MakeWritable(string directory)
    {
        foreach (var file in new DirectoryInfo(directory)
            .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            file.Attributes = FileAttributes.Normal;
        }
    }

    private static KamalException Unavailable(string directory, string what, Exception cause) =>
        new(KamalErrorId.FileUnavailable, $"The directory {directory} for the build could not be {what}: {cause.Message}", cause)
        {
            Recommendation =
                "Remove it by hand, or set the variable XDG_CACHE_HOME or TMPDIR (on Windows TEMP) to a directory of your own.",
        };

    /// <summary>The clone of one project.</summary>
    /// <param name="Root">The repository that is cloned.</param>
    /// <param name="Revision">The commit to build.</param>
    /// <param name="Directory">The directory of this project's clone.</param>
    /// <param name="Repository">The clone's own top directory.</param>
    /// <param name="BuildDirectory">The project's directory inside the clone.</param>
    private sealed record Clone(string Root, string Revision, string Directory, string Repository, string BuildDirectory);
}
