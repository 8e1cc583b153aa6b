using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>Says which files get into an image of the working directory though git does not have them like that.</summary>
internal sealed class WorkingTreeWarnings(Run run)
{
    /// <summary>How many files are named; of node_modules there may be thousands.</summary>
    private const int NamedFiles = 50;

    /// <summary>Warns.</summary>
    /// <param name="commands">The build.</param>
    public async Task EmitAsync(BuildCommands commands)
    {
        if (commands.HasRemoteContext) return;
        var project = run.Context.Configuration.ProjectDirectory;
        var context = Path.GetFullPath(Path.Combine(project, commands.Context));
        await EmitAsync(context, DockerIgnore.Read(context, Path.Combine(project, commands.Dockerfile))).ConfigureAwait(false);
    }

    /// <summary>Warns.</summary>
    /// <param name="context">The directory that is built.</param>
    /// <param name="ignore">What is left out of it.</param>
    public async Task EmitAsync(string context, DockerIgnore ignore)
    {
        if (!await run.Context.Git.IsRepositoryAsync(run.Cancellation).ConfigureAwait(false)) return;
        var project = run.Context.Configuration.ProjectDirectory;

        List<string> Included(IReadOnlyList<string> files)
        {
            List<string> included = [];
            foreach (var file in files)
            {
                var path = Path.GetRelativePath(context, Path.Combine(project, file)).Replace(Path.DirectorySeparatorChar, '/');
                if (!path.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(path) && !ignore.Excludes(path))
                {
                    included.Add(file);
                }
            }

            included.Sort(StringComparer.Ordinal);
            return included;
        }

        Warn("Files with changes that are not committed get into the image",
            Included(await run.Context.Git.ModifiedFilesAsync(run.Cancellation).ConfigureAwait(false)));
        Warn("Files that git does not track get into the image",
            Included(await run.Context.Git.UntrackedFilesAsync(run.Cancellation).ConfigureAwait(false)));
    }

    private void Warn(string what, List<string> files)
    {
        if (files.Count == 0) return;
        var named = files.Take(NamedFiles).Select(file => "  " + file);
        var more = files.Count > NamedFiles ? [$"  … and {files.Count - NamedFiles} more"] : Array.Empty<string>();
        run.Sink.Warn($"{what}:\n{string.Join('\n', named.Concat(more))}");
    }
}
