using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The app's image and the builder on this machine.</summary>
public static class BuildOperations
{
    /// <summary><c>kamal build push</c>, <c>deliver</c> and <c>dev</c>: builds the image, pushes it, and lets hosts pull it.</summary>
    /// <param name="options">What of that.</param>
    public static Operation<KamalImageBuild> Publish(PublishImageOptions options) =>
        Operation.Single<KamalImageBuild>(async (context, cancellationToken) =>
    {
        if (options is { Deliver: true, Dev: true })
        {
            throw new KamalException(KamalErrorId.ArgumentInvalid,
                "An image of the working directory stays on this machine, so hosts cannot pull it: -Dev and -Deliver exclude each other.");
        }

        var app = await context.VersionedAsync(cancellationToken).ConfigureAwait(false);
        var build = new BuildPhase(app, options.Build) { IsDevelopment = options.Dev, Produces = true };
        return options.Deliver
            ? Plan.Of(new ConnectPhase(app.Selection.AppHosts), build, Delivery.Of(app, produces: true))
            : Plan.Of(build);
    });

    /// <summary><c>kamal build pull</c>: the selected hosts pull the image.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Install() => Operation.Of<KamalHostResult>(async (context, cancellationToken) =>
        Plan.Of(Delivery.Of(await context.VersionedAsync(cancellationToken).ConfigureAwait(false), produces: true)));

    /// <summary>
    /// <c>kamal build create</c>: creates the builder of the configuration on this machine. Keeps an existing one that matches it,
    /// since buildx refuses to create a builder twice.
    /// </summary>
    public static Operation<KamalBuilder> NewBuilder() => Local("Make the builder", async (run, configuration) =>
    {
        var local = new LocalBuilder(run);
        var commands = await local.ResolveAsync(configuration).ConfigureAwait(false);
        // A hook may have to open the way to a remote builder.
        if (commands.IsRemote) await run.ConnectAsync().ConfigureAwait(false);
        if (commands.Name is null) run.Sink.Inform("This configuration needs no builder to be made.");
        else await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
        if (run.IsPreview) await local.CreateAsync(commands).ConfigureAwait(false);
        else if (commands.Name is { } name && !await local.EnsureAsync(commands).ConfigureAwait(false))
        {
            run.Sink.Inform($"The builder {name} already exists.");
        }

        return LocalBuilder.Describe(run, commands, isCreated: commands.Name is null || !run.IsPreview);
    });

    /// <summary><c>kamal build remove</c>: removes the builder from this machine.</summary>
    public static Operation<KamalBuilder> RemoveBuilder() => Local("Remove the builder", async (run, configuration) =>
    {
        var local = new LocalBuilder(run);
        var commands = await local.ResolveAsync(configuration).ConfigureAwait(false);
        if (commands.Name is null) run.Sink.Inform("This configuration has no builder of its own, so there is none to remove.");
        else await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
        await local.RemoveAsync(commands).ConfigureAwait(false);
        return LocalBuilder.Describe(run, commands, isCreated: commands.Name is null || run.IsPreview);
    });

    /// <summary><c>kamal build details</c>: the builder on this machine.</summary>
    public static Operation<KamalBuilder> GetBuilder() => Local("Look at the builder", async (run, configuration) =>
    {
        var commands = await new LocalBuilder(run).ResolveAsync(configuration).ConfigureAwait(false);
        if (commands.Kind is not (BuilderKind.Pack or BuilderKind.Dotnet)) await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
        List<string> texts = [];
        foreach (var command in commands.Details())
        {
            var result = await run.LocalAsync(command).ConfigureAwait(false);
            texts.Add(LocalTools.EnsureSucceeded(result, "The builders of this machine could not be listed").ReadOutput().TrimEnd());
        }

        // docker buildx ls marks the selected builder with a star.
        var isListed = commands.Name is { } name && texts[^1].Split('\n').Any(line => line.Split(' ', '*')[0] == name);
        return LocalBuilder.Describe(run, commands, isCreated: isListed || commands.Name is null) with
        {
            Text = string.Join("\n\n", texts),
        };
    });

    private static Operation<KamalBuilder> Local(string name, Func<Run, KamalConfiguration, Task<KamalBuilder>> work) =>
        Operation.Single<KamalBuilder>(context =>
        Plan.Of(new LocalPhase(name, async run => run.Produce(await work(run, context.Configuration).ConfigureAwait(false)))));
}

/// <summary>How an image is built.</summary>
public sealed record BuildOptions
{
    /// <summary>No cache is used.</summary>
    public bool NoCache { get; init; }

    /// <summary>
    /// Where the result goes, as <c>buildx --output type=</c> takes it: <c>registry</c>, <c>docker</c>, <c>local,dest=out</c>, …; the
    /// operation's own default if null.
    /// </summary>
    public string? Output { get; init; }
}

/// <summary>What is done with the app's image.</summary>
public sealed record PublishImageOptions
{
    /// <summary>How it is built.</summary>
    public BuildOptions Build { get; init; } = new();

    /// <summary>The hosts pull it afterwards.</summary>
    public bool Deliver { get; init; }

    /// <summary>The working directory is built as it is, and the image stays on this machine under a name with <c>-dirty</c>.</summary>
    public bool Dev { get; init; }
}
