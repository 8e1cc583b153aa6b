using Kamal.Engine.Causes;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Builds the image on this machine, or from it on another.</summary>
/// <param name="Context">The context, with the version.</param>
/// <param name="Options">How.</param>
internal sealed record BuildPhase(KamalContext Context, BuildOptions Options) : Phase("Build the image")
{
    /// <summary>
    /// The working directory is built as it is, and the image stays on this machine, rather than the committed state, which is pushed.
    /// </summary>
    public bool IsDevelopment { get; init; }

    /// <summary>What must succeed before the build begins. It runs while this machine prepares the build.</summary>
    public Task Checked { get; init; } = Task.CompletedTask;

    /// <summary>Where the result goes: to the registry, or into this machine's engine.</summary>
    private string Output => Options.Output ?? (IsDevelopment || Context.Configuration.IsTransferredDirectly ? "docker" : "registry");

    /// <summary>Whether the image goes from this machine's engine to the hosts.</summary>
    private bool IsTransferred => Context.Configuration.IsTransferredDirectly && !IsDevelopment && Options.Output is null;

    /// <summary>Whether the image is pushed by a program that reports its digest.</summary>
    private bool TellsDigest => Output == "registry" && !IsDevelopment && !Context.Configuration.Builder.UsesDotnet;

    /// <summary>Whether the build is one of the operation's results.</summary>
    public bool Produces { get; init; }

    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.LocalToolMissing"/>: docker, buildx, pack or the .NET SDK is not here;
    /// <see cref="KamalErrorId.BuildFailed"/>: the build, the clone or the builder failed.
    /// </exception>
    public override async Task RunAsync(Run run)
    {
        var build = IsDevelopment ? await DevelopAsync(run).ConfigureAwait(false) : await PushAsync(run).ConfigureAwait(false);
        if (Produces) run.Produce(build);
    }

    public override Task ShowAsync(Run run, PlanView view)
    {
        if (!IsDevelopment) run.ShowConnect(view);
        if (!IsDevelopment && HookRunner.Has(Context, "pre-build")) view.Add(HookPhase.Title("pre-build"));
        if (TellsDigest) AppImage.Expect(run);
        view.Add((Output == "registry" ? "Build and push the image" : Name)
            + (Context.Configuration.Builder.UsesDotnet ? " with the .NET SDK" : ""));
        return Task.CompletedTask;
    }

    private async Task<KamalImageBuild> PushAsync(Run run)
    {
        // A hook may have to open the way to a remote builder.
        await run.ConnectAsync().ConfigureAwait(false);
        if (Context.Configuration.Builder.UsesDotnet) return await PublishAsync(run).ConfigureAwait(false);
        var buildx = await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
        var local = new LocalBuilder(run);
        var builder = await local.ResolveAsync(Context.Configuration).ConfigureAwait(false);
        var registry = new LocalRegistry(run);
        if (Context.Configuration.IsTransferredDirectly) run.Sink.Detail("The image is transferred directly: no registry is needed.");
        else if (Context.Configuration.Registry.IsLocal) await registry.StartAsync().ConfigureAwait(false);
        else if (NeedsLogin(builder)) await new LoginSteps(run).HereAsync(Context.Configuration.Registry).ConfigureAwait(false);

        await Checked.ConfigureAwait(false);
        await new HookRunner(run, Context).RunAsync("pre-build").ConfigureAwait(false);
        var directory = await new BuildDirectory(run).PrepareAsync().ConfigureAwait(false);
        // The remote builder pushes to the registry on this machine.
        string[] pushing = !Context.Configuration.IsTransferredDirectly && builder.RemoteHost is { } host ? [host] : [];
        var forwards = await registry.ForwardAsync(pushing).ConfigureAwait(false);
        await using (forwards.ConfigureAwait(false))
        {
            await local.EnsureAsync(builder).ConfigureAwait(false);
            return await BuildAsync(run, builder, directory, buildx).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Whether this machine must log in to the registry. A remote builder fetches its own tokens, as in Kamal, but gets the user name and
    /// password from this machine's Docker: without a login here, the registry rejects its push.
    /// </summary>
    private bool NeedsLogin(BuilderCommands builder) =>
        !builder.IsRemote || !Context.HasDockerLogin(DotnetCommands.RegistryHost(Context.Configuration.Registry));

    private async Task<KamalImageBuild> PublishAsync(Run run)
    {
        var build = new DotnetBuild(run, Context, Options);
        await build.CheckAsync().ConfigureAwait(false);
        if (!Context.Configuration.IsTransferredDirectly && Context.Configuration.Registry.IsLocal)
        {
            await new LocalRegistry(run).StartAsync().ConfigureAwait(false);
        }

        await Checked.ConfigureAwait(false);
        await new HookRunner(run, Context).RunAsync("pre-build").ConfigureAwait(false);
        return await build.RunAsync(await new BuildDirectory(run).PrepareAsync().ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task<KamalImageBuild> DevelopAsync(Run run)
    {
        if (Context.Configuration.Builder.UsesDotnet)
        {
            var build = new DotnetBuild(run, Context, Options) { IsDevelopment = true };
            await build.CheckAsync().ConfigureAwait(false);
            await new WorkingTreeWarnings(run).EmitAsync(build.Inside(Context.Configuration.ProjectDirectory), DockerIgnore.Parse(""))
                .ConfigureAwait(false);
            return await build.RunAsync(Context.Configuration.ProjectDirectory).ConfigureAwait(false);
        }

        var buildx = await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
        var builder = await new LocalBuilder(run).ResolveAsync(Context.Configuration).ConfigureAwait(false);
        await new WorkingTreeWarnings(run).EmitAsync(new BuildCommands(Context.Configuration, builder)).ConfigureAwait(false);
        return await BuildAsync(run, builder, Context.Configuration.ProjectDirectory, buildx).ConfigureAwait(false);
    }

    private async Task<KamalImageBuild> BuildAsync(Run run, BuilderCommands builder, string directory, string buildx)
    {
        var (dirty, output) = (IsDevelopment, Output);
        var commands = new BuildCommands(Context.Configuration, builder);
        CheckDockerfile(run, builder, commands, directory);
        var build = commands.Build(output, Options.NoCache, dirty) with
        {
            WorkingDirectory = directory,
            ErrorFormat = builder.Kind == BuilderKind.Pack ? null : BuildkitStatus.FormatOf(buildx),
        };
        foreach (var name in Context.Configuration.Builder.Secrets)
        {
            build = build.WithVariable(name, LocalText.Secret(
                await run.Context.Secrets.GetAsync(name, run.Cancellation).ConfigureAwait(false)));
        }

        run.Sink.Inform(output == "registry" ? $"Building and pushing {commands.Tags(dirty)[0]}..."
            : $"Building {commands.Tags(dirty)[0]}...");
        var began = run.Context.Clock.GetTimestamp();
        var lines = new LineSink(line => run.Sink.Emit(new OutputReceived("build", line.Text)
        {
            IsError = line.Stream == LocalStream.Error,
        }));
        string? digest = null;
        foreach (var command in commands.Export(output).Prepend(build))
        {
            var result = await run.LocalAsync(command, lines).ConfigureAwait(false);
            if (!result.Succeeded) throw Failure(result, builder, dirty);
            digest ??= AppImage.DigestIn(Context.Configuration.AbsoluteImage, $"{result.ReadOutput()}\n{result.ReadError()}");
        }

        if (TellsDigest) await LearnDigestAsync(run, builder, digest).ConfigureAwait(false);
        else if (IsTransferred && !run.IsPreview) await RememberAsync(run, () => ImageIdAsync(run)).ConfigureAwait(false);

        return new(commands.Tags(dirty)[0], Context.Configuration.RequiredVersion, run.IsPreview ? HostOutcome.Previewed
            : HostOutcome.Succeeded)
        {
            Tags = commands.Tags(dirty),
            Digest = run.IsPreview ? null : run.Get(AppImage.Digest),
            Builder = builder.Kind,
            BuilderName = builder.Name,
            Architectures = builder.Architectures,
            Output = output,
            Duration = run.Context.Clock.GetElapsedTime(began),
        };
    }

    /// <summary>Keeps the digest of the pushed image for the hosts and for the next deploy of the same commit.</summary>
    private async Task LearnDigestAsync(Run run, BuilderCommands builder, string? digest)
    {
        if (run.IsPreview)
        {
            AppImage.Expect(run);
            return;
        }

        if (digest is null && builder is { Name: null, Kind: BuilderKind.Local })
        {
            var asked = await run.LocalAsync(AppImage.AskEngine(Context.Configuration)).ConfigureAwait(false);
            if (asked.Succeeded) digest = AppImage.DigestOf(Context.Configuration, asked.ReadOutput());
        }

        run.Set(AppImage.Digest, digest);
        if (digest is not null) await RememberAsync(run, () => Task.FromResult<string?>(digest)).ConfigureAwait(false);
    }

    /// <summary>The image's ID in this machine's engine.</summary>
    private async Task<string?> ImageIdAsync(Run run)
    {
        var asked = await run.LocalAsync(AppImage.AskId(Context.Configuration)).ConfigureAwait(false);
        return asked.ReadOutput().Trim() is var id && asked.Succeeded && AppImage.IsDigest(id) ? id : null;
    }

    private async Task RememberAsync(Run run, Func<Task<string?>> digestAsync)
    {
        if (await BuiltImages.FingerprintAsync(Context, run.Cancellation).ConfigureAwait(false) is not { } fingerprint) return;
        if (await digestAsync().ConfigureAwait(false) is not { } digest) return;
        try
        {
            Context.Builds().Remember(
                Context.Configuration, new(Context.Configuration.AbsoluteImage, digest, fingerprint, run.Context.Clock.GetUtcNow()));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            run.Sink.Detail($"This build could not be recorded, so the next deploy of this commit builds it again: {error.Message}");
        }
    }

    private void CheckDockerfile(Run run, BuilderCommands builder, BuildCommands commands, string directory)
    {
        if (builder.Kind == BuilderKind.Pack || commands.HasRemoteContext) return;
        var project = Context.Configuration.ProjectDirectory;
        // The clone that a preview would build in does not exist.
        if (run.IsPreview) directory = project;
        if (File.Exists(Path.Combine(directory, commands.Dockerfile))) return;
        var uncommitted = directory != project && File.Exists(Path.Combine(project, commands.Dockerfile));
        var next = uncommitted
            ? "Commit it, or set builder.context to . to build the working directory."
            : "Write it, or name another one in builder.dockerfile.";
        var what = uncommitted
            ? $"he Dockerfile {commands.Dockerfile} is not committed, and the image is built from a clone of the repository"
            : $"here is no Dockerfile {Path.Combine(directory, commands.Dockerfile)}";
        throw new KamalException(KamalErrorId.BuildFailed, $"T{what}.")
        {
            Cause = new(CauseName.BuildFailed, $"t{what}") { NextStep = next },
            Recommendation = next,
        };
    }

    private KamalException Failure(LocalResult result, BuilderCommands builder, bool dirty)
    {
        var failure = result.Failure(
            LocalCauses.IsPush(result.ReadError()) ? "The image could not be pushed" : "The image could not be built",
            KamalErrorId.BuildFailed);
        var noBuilder = dirty && failure.Output?.Contains("no builder", StringComparison.OrdinalIgnoreCase) == true;
        // Its output was shown as it came: only the last lines again, which name the reason. Secrets go before anything is shortened.
        var cause = LocalCauses.OfBuild(Context.Redact(failure.Output ?? ""));
        if (noBuilder) cause = cause with { NextStep = $"Make the builder {builder.Name} with New-KamalBuilder (kamal build create)." };
        return LocalTools.Explained(failure, cause);
    }
}
