using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Beginning and ending sessions with the app's registry, here and on the selected hosts.</summary>
/// <param name="run">The operation.</param>
internal sealed class RegistrySessions(OperationRun run)
{
    private RegistryConfiguration Registry => run.Configuration.Registry;

    private string Server => Registry.Server ?? "docker.io";

    /// <summary>Logs in; a registry on this machine is started instead.</summary>
    public async Task<IReadOnlyList<KamalRegistrySession>> ConnectAsync(RegistryOptions options)
    {
        Check(options, "kamal registry setup (Connect-KamalRegistry)");
        List<KamalRegistrySession> sessions = [];
        if (!options.SkipLocal)
        {
            await LocalTools.EnsureDockerAsync(run).ConfigureAwait(false);
            if (Registry.IsLocal) await HereAsync("Start the registry", () => new LocalRegistry(run).StartAsync(), sessions).ConfigureAwait(false);
            else await HereAsync("Log in", () => new LoginSteps(run).HereAsync(Registry), sessions).ConfigureAwait(false);
        }

        if (!options.SkipRemote && !Registry.IsLocal)
        {
            await OnHostsAsync("Log in", await new LoginSteps(run).OnHostsAsync(Registry).ConfigureAwait(false), sessions).ConfigureAwait(false);
        }

        return sessions;
    }

    /// <summary>Logs out; a registry on this machine is removed with its images instead.</summary>
    public async Task<IReadOnlyList<KamalRegistrySession>> DisconnectAsync(RegistryOptions options)
    {
        Check(options, "kamal registry remove (Disconnect-KamalRegistry)");
        List<KamalRegistrySession> sessions = [];
        if (!options.SkipLocal)
        {
            if (Registry.IsLocal) await HereAsync("Remove the registry", () => new LocalRegistry(run).RemoveAsync(), sessions).ConfigureAwait(false);
            else await HereAsync("Log out", LogoutHereAsync, sessions).ConfigureAwait(false);
        }

        if (!options.SkipRemote && !Registry.IsLocal)
        {
            run.Context.State.LoggedIn.Clear();
            await OnHostsAsync("Log out", _ => [new("Log out of the registry", RegistryCommands.Logout(Registry).DiscardOutput())], sessions).ConfigureAwait(false);
        }

        return sessions;
    }

    private void Check(RegistryOptions options, string instead)
    {
        if (!options.SessionOnly || !Registry.IsLocal) return;
        throw new KamalException(KamalErrorId.ArgumentInvalid, $"The registry {Server} runs on this machine, and nobody logs in to it or out of it.")
        {
            Recommendation = $"Use {instead}.",
        };
    }

    private async Task HereAsync(string operation, Func<Task> work, List<KamalRegistrySession> sessions)
    {
        var began = run.Context.Clock.GetTimestamp();
        await work().ConfigureAwait(false);
        Add(new(null, Server, operation, run.IsPreview ? HostOutcome.Previewed : HostOutcome.Succeeded) { Duration = run.Context.Clock.GetElapsedTime(began) }, sessions);
    }

    private async Task LogoutHereAsync()
    {
        var command = LocalCommand.Of("docker", "logout");
        if (Registry.Server is { } server) command = command.Add(server);
        (await run.LocalAsync(command).ConfigureAwait(false)).EnsureSucceeded("This machine could not log out of the registry");
    }

    private async Task OnHostsAsync(string operation, Func<string, IEnumerable<Step>> steps, List<KamalRegistrySession> sessions)
    {
        var phase = operation == "Log in" ? "Log in to the registry" : "Log out of the registry";
        var results = await run.TryPhaseAsync(phase, run.Selection.Hosts, steps).ConfigureAwait(false);
        foreach (var result in results.Select(result => HostResults.Of(result, operation)))
        {
            Add(new(result.HostName, Server, operation, result.Outcome) { Duration = result.Duration }, sessions);
        }

        OperationRun.ThrowIfFailed(phase, results);
    }

    private void Add(KamalRegistrySession session, List<KamalRegistrySession> sessions)
    {
        sessions.Add(session);
        run.Sink.Emit(new ResultProduced(session) { HostName = session.HostName });
    }
}
