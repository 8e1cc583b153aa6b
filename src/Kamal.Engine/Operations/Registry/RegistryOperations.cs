using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Sessions with the app's registry, here and on the selected hosts.</summary>
public static class RegistryOperations
{
    /// <summary>
    /// <c>kamal registry setup</c> and <c>login</c>: logs in here and on the hosts, or starts the registry on this machine.
    /// </summary>
    /// <param name="options">Where.</param>
    public static Operation<IReadOnlyList<KamalRegistrySession>> Connect(RegistryOptions options) =>
        Operation.Of<KamalRegistrySession>(context =>
    {
        var registry = context.Configuration.Registry;
        Check(options, registry, "kamal registry setup (Connect-KamalRegistry)");
        return Plan.Of(
        [
            // The .NET SDK gets the login for each build.
            .. options.SkipLocal || (context.Configuration.Builder.UsesDotnet && !registry.IsLocal) ? [] : registry.IsLocal
                ? Here(registry, "Start the registry", run => new LocalRegistry(run).StartAsync(), LocalTools.EnsureDockerAsync)
                : Here(registry, "Log in", run => new LoginSteps(run).HereAsync(registry), LocalTools.EnsureDockerAsync),
            .. OnHosts(context, options, "Log in", "Log in to the registry", LoginSteps.Of(registry), AskDockerAfterFailure())
                .Select(phase => phase is HostPhase login ? login with { Explain = (_, result) => Explain(result) } : phase),
        ]);
    });

    /// <summary>
    /// <c>kamal registry remove</c> and <c>logout</c>: logs out here and on the hosts, or removes the registry from this machine with its
    /// images.
    /// </summary>
    /// <param name="options">Where.</param>
    public static Operation<IReadOnlyList<KamalRegistrySession>> Disconnect(RegistryOptions options) =>
        Operation.Of<KamalRegistrySession>(context =>
    {
        var registry = context.Configuration.Registry;
        Check(options, registry, "kamal registry remove (Disconnect-KamalRegistry)");
        return Plan.Of(
        [
            .. options.SkipLocal || (context.Configuration.Builder.UsesDotnet && !registry.IsLocal) ? [] : registry.IsLocal
                ? Here(registry, "Remove the registry", run => new LocalRegistry(run).RemoveAsync())
                : Here(registry, "Log out", run => LogOutHereAsync(run, registry)),
            .. OnHosts(context, options, "Log out", "Log out of the registry",
                Steps.Of(_ => [new("Log out of the registry", RegistryCommands.Logout(registry).DiscardOutput())])),
        ]);
    });

    /// <summary>docker logs in by itself where its engine does not run, and then fails with what has nothing to do with that.</summary>
    private static Steps AskDockerAfterFailure() => Steps.Of(
        _ => [ListingOperations.AskDocker() with { Run = StepRun.AfterFailure, IgnoreFailure = true }]);

    private static ScriptResult Explain(ScriptResult result) =>
        result.Find(ListingOperations.AskDocker().Name) is { Status: StepStatus.Failed } asked
            && StepFailure.Describe(result.HostName, asked) is { Cause: not null } failure
            ? result with { Failure = failure }
            : result;

    private static string Name(RegistryConfiguration registry) => registry.Server ?? "docker.io";

    private static void Check(RegistryOptions options, RegistryConfiguration registry, string instead)
    {
        if (registry.IsNone)
        {
            throw new KamalException(KamalErrorId.ArgumentInvalid, "There is no registry: the image is transferred directly.")
            {
                Recommendation = "Nothing needs to be set up for that. To use a registry, add the section registry to deploy.yml.",
            };
        }

        if (!options.SessionOnly || !registry.IsLocal) return;
        throw new KamalException(KamalErrorId.ArgumentInvalid, $"The registry {Name(registry)} runs on this machine and needs no login.")
        {
            Recommendation = $"Use {instead}.",
        };
    }

    private static IEnumerable<Phase> Here(
        RegistryConfiguration registry, string operation, Func<Run, Task> work, Func<Run, Task>? before = null)
    {
        if (before is not null) yield return new LocalPhase(null, before);
        yield return new LocalPhase($"{operation} on this machine", async run =>
        {
            var began = run.Context.Clock.GetTimestamp();
            await work(run).ConfigureAwait(false);
            run.Produce(new KamalRegistrySession(null, Name(registry), operation, run.IsPreview ? HostOutcome.Previewed
                : HostOutcome.Succeeded)
            {
                Duration = run.Context.Clock.GetElapsedTime(began),
            });
        });
    }

    private static async Task LogOutHereAsync(Run run, RegistryConfiguration registry)
    {
        var command = LocalCommand.Of("docker", "logout");
        if (registry.Server is { } server) command = command.Add(server);
        (await run.LocalAsync(command).ConfigureAwait(false)).EnsureSucceeded("This machine could not log out of the registry");
    }

    private static IEnumerable<Phase> OnHosts(
        KamalContext context, RegistryOptions options, string operation, string name, params ImmutableArray<Steps> steps)
    {
        if (options.SkipRemote || context.Configuration.Registry.IsLocal) yield break;
        yield return new HostPhase(name, context.Selection.Hosts, steps)
        {
            Read = (run, results) =>
            {
                foreach (var result in results.Select(result => HostResults.Of(result, operation)))
                {
                    run.Produce(
                        new KamalRegistrySession(result.HostName, Name(context.Configuration.Registry), operation, result.Outcome)
                        {
                            Duration = result.Duration,
                        },
                        result.HostName);
                }
            },
        };
    }
}

/// <summary>Where a registry session begins or ends.</summary>
public sealed record RegistryOptions
{
    /// <summary>Not on this machine.</summary>
    public bool SkipLocal { get; init; }

    /// <summary>Not on the hosts.</summary>
    public bool SkipRemote { get; init; }

    /// <summary>
    /// Only a session with a remote registry is meant (<c>kamal registry login</c>, <c>logout</c>): a registry on this machine, which has
    /// none, is an error.
    /// </summary>
    public bool SessionOnly { get; init; }
}
