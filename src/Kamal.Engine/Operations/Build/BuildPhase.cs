using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Building the image on this machine, or from it on another, and pushing it.</summary>
/// <param name="run">The operation, with its version.</param>
internal sealed class BuildPhase(OperationRun run)
{
    /// <summary>Builds the committed state and pushes it to the registry, unless the options send it elsewhere.</summary>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.LocalToolMissing"/>: docker, buildx or pack is not here; <see cref="KamalErrorId.BuildFailed"/>: the
    /// build, the clone or the builder failed.
    /// </exception>
    public async Task<KamalImageBuild> PushAsync(BuildOptions options)
    {
        // A hook may have to open the way to a remote builder.
        await run.ConnectAsync().ConfigureAwait(false);
        await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
        var setup = new BuilderSetup(run);
        var builder = await setup.ResolveAsync().ConfigureAwait(false);
        var registry = new LocalRegistry(run);
        if (run.Configuration.Registry.IsLocal) await registry.StartAsync().ConfigureAwait(false);
        else if (builder.NeedsLoginHere) await new LoginSteps(run).HereAsync(run.Configuration.Registry).ConfigureAwait(false);

        await new HookRunner(run).RunAsync("pre-build").ConfigureAwait(false);
        var directory = await new BuildDirectory(run).PrepareAsync().ConfigureAwait(false);
        var forwards = await registry.ForwardAsync(RemoteBuilderHosts(builder)).ConfigureAwait(false);
        await using (forwards.ConfigureAwait(false))
        {
            await setup.EnsureAsync(builder).ConfigureAwait(false);
            return await BuildAsync(builder, directory, options.Output ?? "registry", options.NoCache).ConfigureAwait(false);
        }
    }

    /// <summary>Builds the working directory as it is and keeps the image on this machine, unless the options send it elsewhere.</summary>
    public async Task<KamalImageBuild> DevelopAsync(BuildOptions options)
    {
        await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
        var builder = await new BuilderSetup(run).ResolveAsync().ConfigureAwait(false);
        await new WorkingTreeWarnings(run).EmitAsync(new BuildCommands(run.Configuration, builder)).ConfigureAwait(false);
        return await BuildAsync(builder, run.Configuration.ProjectDirectory, options.Output ?? "docker", options.NoCache, dirty: true).ConfigureAwait(false);
    }

    private async Task<KamalImageBuild> BuildAsync(BuilderCommands builder, string directory, string output, bool noCache, bool dirty = false)
    {
        var commands = new BuildCommands(run.Configuration, builder);
        CheckDockerfile(builder, commands, directory);
        var build = commands.Build(output, noCache, dirty) with { WorkingDirectory = directory };
        foreach (var name in run.Configuration.Builder.Secrets)
        {
            build = build.WithVariable(name, LocalText.Secret(await run.Context.Secrets.GetAsync(name, run.Cancellation).ConfigureAwait(false)));
        }

        run.Sink.Inform(output == "registry" ? $"Building and pushing {commands.Tags(dirty)[0]}..." : $"Building {commands.Tags(dirty)[0]}...");
        var began = run.Context.Clock.GetTimestamp();
        var lines = new LineSink(line => run.Sink.Emit(new OutputReceived("build", line.Text) { IsError = line.Stream == LocalStream.Error }));
        foreach (var command in commands.Export(output).Prepend(build))
        {
            var result = await run.LocalAsync(command, lines).ConfigureAwait(false);
            if (!result.Succeeded) throw Failure(result, builder, dirty);
        }

        return new(commands.Tags(dirty)[0], run.Configuration.RequiredVersion, run.IsPreview ? HostOutcome.Previewed : HostOutcome.Succeeded)
        {
            Tags = commands.Tags(dirty),
            Builder = builder.Kind,
            BuilderName = builder.Name,
            Architectures = builder.Architectures,
            Output = output,
            Duration = run.Context.Clock.GetElapsedTime(began),
        };
    }

    private void CheckDockerfile(BuilderCommands builder, BuildCommands commands, string directory)
    {
        if (builder.Kind == BuilderKind.Pack || commands.HasRemoteContext) return;
        var project = run.Configuration.ProjectDirectory;
        // The clone that a preview would build in does not exist.
        if (run.IsPreview) directory = project;
        if (File.Exists(Path.Combine(directory, commands.Dockerfile))) return;
        var uncommitted = directory != project && File.Exists(Path.Combine(project, commands.Dockerfile));
        throw new KamalException(KamalErrorId.BuildFailed,
            uncommitted ? $"The Dockerfile {commands.Dockerfile} is not committed, and the image is built from a clone of the repository." : $"There is no Dockerfile {Path.Combine(directory, commands.Dockerfile)}.")
        {
            Recommendation = uncommitted ? "Commit it, or set builder.context to . to build the working directory." : "Write it, or name another one in builder.dockerfile.",
        };
    }

    private static KamalException Failure(LocalResult result, BuilderCommands builder, bool dirty)
    {
        var failure = result.Failure("The image could not be built", KamalErrorId.BuildFailed);
        var noBuilder = dirty && failure.Output?.Contains("no builder", StringComparison.OrdinalIgnoreCase) == true;
        return new KamalException(failure.Id, failure.Message)
        {
            Command = failure.Command,
            ExitCode = failure.ExitCode,
            Output = failure.Output,
            Recommendation = noBuilder ? $"Make the builder {builder.Name} with New-KamalBuilder (kamal build create)." : null,
        };
    }

    /// <summary>The remote builder's machine, which pushes to the registry on this one, as <c>user@host:port</c>.</summary>
    private string[] RemoteBuilderHosts(BuilderCommands builder)
    {
        const string scheme = "ssh://";
        var remote = run.Configuration.Builder.Remote;
        return builder.IsRemote && remote!.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? [remote[scheme.Length..].TrimEnd('/')] : [];
    }
}
