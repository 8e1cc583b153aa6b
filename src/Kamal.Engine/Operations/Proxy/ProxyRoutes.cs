using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// Notices a proxy that lost its routes. kamal-proxy reads its state file when it starts; where one app's certificate or
/// error pages in it cannot be loaded, it goes on without any app, and the next deploy of whichever app overwrites the file.
/// </summary>
internal static class ProxyRoutes
{
    private const string ListStep = "List the proxy's services";
    private const string LogStep = "Read why the proxy has no services";
    private const string ContainersStep = "List the apps' running containers";
    private const string Routes = "routes";

    /// <summary>The steps that look; they change nothing, and do not fail if the proxy does not run.</summary>
    /// <param name="expected">The services without which the containers are looked at; empty if they are always.</param>
    public static IEnumerable<Step> Look(params ImmutableArray<string> expected)
    {
        // Without services there is the table's header alone.
        var lines = ShellCommand.Of("printf", "%s\\n", ShellWord.Variable(Routes)).Pipe(ShellCommand.Of("grep", "-c", "."));
        var none = ShellCommand.Of("[", ShellWord.Substitute(lines), "-le", "1", "]");
        return
        [
            new(ListStep, ProxyCommands.List()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true, CaptureAs = Routes },
            new(LogStep, ProxyCommands.RestoreErrors()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true, When = none },
            new(ContainersStep, ShellCommand.Of("docker", "ps").AddRange(DockerArguments.Filters(["label=service", "label=role"]))
                .Add("--format", DockerListings.ContainerFormat))
            {
                Effect = StepEffect.ReadOnly, IgnoreFailure = true, When = expected.IsEmpty ? null : Lacks(expected),
            },
        ];
    }

    /// <summary>Succeeds unless the table names all services. It is in colour, so that a name may follow a letter.</summary>
    private static ShellCommand Lacks(ImmutableArray<string> services) =>
        ShellCommand.Of("for", "s", "in").AddRange(services.Select(ShellWord.Literal)).Then(ShellCommand.Raw(
            $"do case {ShellWord.Variable(Routes)} in *\"$s\"[!A-Za-z0-9_.-]*) ;; *) exit 0;; esac; done; exit 1"));

    /// <summary>The services that the proxy routes to.</summary>
    public static ImmutableArray<KamalProxyService> Services(ScriptResult result) =>
        result.Find(ListStep) is { Status: StepStatus.Succeeded } list ? [.. ProxyListing.Parse(result.HostName, list.Output)] : [];

    /// <summary>What is wrong with a host's routes, or null.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="result">The script's result.</param>
    public static string? Problem(KamalConfiguration configuration, ScriptResult result)
    {
        if (result.Find(ListStep) is not { Status: StepStatus.Succeeded, Output.Length: > 0 }) return null;
        var services = Services(result);
        var running = result.Find(ContainersStep) is { Status: StepStatus.Succeeded } step
            ? DockerListings.Containers(result.HostName, KamalContainerKind.App, step.Output).ToList()
            : [];
        if (services.IsEmpty && running.Count > 0 && result.Find(LogStep) is { Status: StepStatus.Succeeded } log
            && log.Output.Contains("saved state", StringComparison.Ordinal))
        {
            return $"kamal-proxy on {result.HostName} answers every request with 404: when it started it could not load what it had "
                + "saved, and has no services, "
                + $"although {string.Join(", ", running.Select(container => container.ContainerName))} run there. It wrote: {log.Output}\n"
                + "Deploy each of these apps again (kamal app boot), the one whose certificate or error pages cannot be loaded with good "
                    + "ones.";
        }

        var lost = configuration.Roles.Where(role => role.IsProxied && role.RunsOn(result.HostName))
            .Select(role => (role.Name, Service: new AppCommands(configuration, role).ContainerPrefix))
            .Where(role => running.Exists(container => IsOf(configuration, role.Name, container))
                && !services.Any(service => service.Service == role.Service))
            .Select(role => role.Service).ToList();
        return lost.Count == 0 ? null
            : $"kamal-proxy on {result.HostName} does not route to {string.Join(", ", lost)}, although it runs there. Route to it again "
                + "with Invoke-KamalAppBoot (kamal app boot).";
    }

    /// <summary>Warns of hosts whose routes are lost.</summary>
    public static void Warn(Run run, IEnumerable<ScriptResult> results)
    {
        foreach (var result in results)
        {
            try
            {
                if (Problem(run.Context.Configuration, result) is { } problem) run.Sink.Warn(problem, result.HostName);
            }
            catch (KamalException error)
            {
                // A listing that cannot be read does not stop the deploy.
                run.Sink.Detail($"Whether the proxy lost its routes is not known: {error.Message}", result.HostName);
            }
        }
    }

    private static bool IsOf(KamalConfiguration configuration, string role, KamalContainer container) =>
        container.Service == configuration.Service && container.Role == role
            && (container.Destination ?? "") == (configuration.Destination ?? "");
}
