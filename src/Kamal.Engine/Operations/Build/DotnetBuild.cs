using System.Text.Json;
using Kamal.Common;
using Kamal.Engine.Causes;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// Builds the image with the .NET SDK: for the registry, for this machine's engine, or as an archive that is stored and sent to hosts.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="context">The context, with the version.</param>
/// <param name="options">How.</param>
internal sealed class DotnetBuild(Run run, KamalContext context, BuildOptions options)
{
    private const int ShownLines = 4;

    private readonly KamalConfiguration _configuration = context.Configuration;
    private readonly DotnetCommands _commands = new(context.Configuration);

    /// <summary>Whether the image is one of the working directory.</summary>
    public bool IsDevelopment { get; init; }

    /// <summary>Where the result goes.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: the SDK cannot put it there.</exception>
    private string Output
    {
        get
        {
            if (options.Output is null) return IsDevelopment ? "docker" : _configuration.IsTransferredDirectly ? "archive" : "registry";
            if (options.Output is "docker" || (options.Output == "registry" && !_configuration.Registry.IsNone)) return options.Output;
            throw new KamalException(KamalErrorId.ArgumentInvalid, options.Output == "registry"
                ? "There is no registry to push the image to: -Output registry (--output) needs the section registry in deploy.yml."
                : $"The .NET SDK cannot write the image to {options.Output}: -Output (--output) takes registry or docker.");
        }
    }

    /// <summary>Checks that the SDK is here, and can do what is asked for.</summary>
    public Task CheckAsync()
    {
        _ = Output;
        return DotnetSdk.EnsureAsync(run, Inside(_configuration.ProjectDirectory), _configuration.Builder.Architectures.Length > 1);
    }

    /// <summary>Builds.</summary>
    /// <param name="directory">The project's directory, or that of its clone.</param>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.BuildFailed"/>: there is no project, or its build failed; <see cref="KamalErrorId.ImageInvalid"/>: the SDK
    /// wrote something else than an image; <see cref="KamalErrorId.FileUnavailable"/>: Kamal's files could not be written.
    /// </exception>
    public async Task<KamalImageBuild> RunAsync(string directory)
    {
        var output = Output;
        CheckProject(directory);
        var tags = BuildCommands.Tags(_configuration, IsDevelopment);
        run.Sink.Inform($"{(output == "registry" ? "Building and pushing" : "Building")} {tags[0]} with the .NET SDK...");
        var began = run.Context.Clock.GetTimestamp();
        using var workplace = Workplace.Make(run);
        var hasLogin = await PrepareAsync(workplace.Files).ConfigureAwait(false);
        var publish = _commands.Publish(output, workplace.Files, hasLogin, options.NoCache, IsDevelopment) with
        {
            WorkingDirectory = Inside(directory),
        };
        var lines = new LineSink(line => run.Sink.Emit(new OutputReceived("build", DotnetErrors.Shown(line.Text))
        {
            IsError = line.Stream == LocalStream.Error,
        }));
        var result = await run.LocalAsync(publish, lines).ConfigureAwait(false);
        if (!result.Succeeded) throw Failure(result);
        if (output == "archive" && !run.IsPreview) await StoreAsync(workplace.Files.Archive).ConfigureAwait(false);
        return new(tags[0], _configuration.RequiredVersion, run.IsPreview ? HostOutcome.Previewed : HostOutcome.Succeeded)
        {
            Tags = tags,
            Builder = BuilderKind.Dotnet,
            Architectures = _configuration.Builder.Architectures,
            Output = output,
            Duration = run.Context.Clock.GetElapsedTime(began),
        };
    }

    /// <summary>The build context inside a directory.</summary>
    public string Inside(string directory) => _configuration.Builder.Context is { } inside
        ? Path.GetFullPath(Path.Combine(directory, new LocalShellText(OperatorVariables.Read).Expand(inside)))
        : directory;

    private void CheckProject(string directory)
    {
        var project = _configuration.ProjectDirectory;
        // The clone that a preview would build in does not exist.
        if (run.IsPreview) directory = project;
        string At(string root) => Path.GetFullPath(Path.Combine(Inside(root), _configuration.Builder.Dotnet!.Project));
        if (HasProject(At(directory))) return;
        var uncommitted = directory != project && HasProject(At(project));
        throw new KamalException(KamalErrorId.BuildFailed, uncommitted
            ? $"The .NET project {At(project)} is not committed, and the image is built from a clone of the repository."
            : $"There is no .NET project {(Directory.Exists(At(directory)) ? "in " : "")}{At(directory)}.")
        {
            Recommendation = uncommitted
                ? "Commit it, or set builder.context to . to build the working directory."
                : "Set x-kamal-ps/builder/dotnet/project to its project file.",
        };
    }

    private static bool HasProject(string path) =>
        File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFiles(path, "*.*proj").Any());

    /// <summary>Writes the files of the build; a preview writes none.</summary>
    /// <returns>Whether there is a login among them.</returns>
    private async Task<bool> PrepareAsync(DotnetFiles files)
    {
        var login = await new LoginSteps(run).CredentialsAsync(_configuration.Registry).ConfigureAwait(false);
        if (run.IsPreview) return login is not null;
        Workplace.Write(files.Targets, System.Text.Encoding.UTF8.GetBytes(_commands.Targets()));
        if (login is not { } given) return false;
        var (host, username, password) =
            (DotnetCommands.RegistryHost(_configuration.Registry), given.Username.Reveal(), given.Password.Reveal());
        byte[] text;
        try
        {
            text = DockerLogins.Render(Others(), host, username, password);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            run.Sink.Warn($"Other logins of this account are not used, as their file cannot be read: {error.Message}");
            text = DockerLogins.Render([], host, username, password);
        }

        Workplace.Write(files.Logins, text);
        return true;
    }

    private static IEnumerable<string> Others() =>
        DockerLogins.Files(OperatorVariables.Read, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile))
            .Where(File.Exists).Select(file => BoundedFile.ReadText(file, BoundedFile.SettingsLimit));

    private async Task StoreAsync(string archive)
    {
        var store = context.Images();
        var image = await SavedImage.ReadAsync(run, archive, store, _configuration.AbsoluteImage).ConfigureAwait(false);
        store.RememberName(_configuration.AbsoluteImage, image);
        store.Prune(image);
    }

    private static KamalException Failure(LocalResult result)
    {
        var failure = result.Failure("The image could not be built", KamalErrorId.BuildFailed);
        var errors = DotnetErrors.Read(result.ReadOutput() + "\n" + result.ReadError(), result.Command.WorkingDirectory!);
        // Its output was shown as it came: only its errors again or, without any, its last lines.
        var lines = errors.Lines.IsEmpty
            ? [.. (failure.Output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(ShownLines)]
            : errors.Lines;
        var first = errors.Lines.IsEmpty ? failure.Message.Split('\n')[0] : $"The image could not be built: {lines[0]}";
        return new KamalException(
            KamalErrorId.BuildFailed, string.Join('\n', (errors.Lines.IsEmpty ? lines : lines.Skip(1)).Prepend(first)))
        {
            Command = failure.Command,
            ExitCode = failure.ExitCode,
            Output = failure.Output,
            Cause = new(CauseName.BuildFailed, "the image could not be built") { Evidence = [.. lines], NextStep = errors.NextStep },
            Recommendation = errors.NextStep,
        };
    }

    /// <summary>A private directory for one build, which is gone afterwards.</summary>
    private sealed class Workplace(Run run, string directory) : IDisposable
    {
        /// <summary>After so long, one that a killed run has left is removed.</summary>
        private static readonly TimeSpan LeftTime = TimeSpan.FromDays(1);

        public DotnetFiles Files { get; } = new(directory);

        public static Workplace Make(Run run)
        {
            var (cache, name) = (OwnDirectory.Cache, run.Context.UniqueHex(16));
            if (run.IsPreview) return new(run, Path.Join(cache, "kamal-powershell", "dotnet", name));
            try
            {
                var made = OwnDirectory.Make(cache, "kamal-powershell", "dotnet", name);
                foreach (var left in new DirectoryInfo(Path.GetDirectoryName(made)!).EnumerateDirectories()
                    .Where(left => DateTime.UtcNow - left.LastWriteTimeUtc > LeftTime)) left.Delete(recursive: true);
                return new(run, made);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Unavailable(Path.Join(cache, "kamal-powershell", "dotnet"), error);
            }
        }

        /// <summary>Writes a file that only this account can access.</summary>
        public static void Write(string path, byte[] content)
        {
            var settings = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) settings.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            try
            {
                using var file = new FileStream(path, settings);
                file.Write(content);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Unavailable(path, error);
            }
        }

        public void Dispose()
        {
            if (run.IsPreview) return;
            try
            {
                Directory.Delete(Files.Directory, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                run.Sink.Warn($"Remove {Files.Directory}: it has the build's files, among them the registry's login. {error.Message}");
            }
        }

        private static KamalException Unavailable(string path, Exception error) =>
            new(KamalErrorId.FileUnavailable, $"{path}, which the build needs, could not be written: {error.Message}", error)
            {
                Recommendation = "Set the variable XDG_CACHE_HOME to a directory of your own.",
            };
    }
}
