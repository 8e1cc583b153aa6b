using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// Containers of a role that run besides the current one, left over from a run that broke. A container to which the proxy routes does not
/// count.
/// </summary>
internal static class StaleContainers
{
    private const string Current = "current";
    private const string Stale = "stale";
    private const string Running = "running";
    private const string Services = "services";

    /// <summary>
    /// The name of the step whose output is the containers that run besides the current one, one a line: id, space, name.
    /// </summary>
    public const string Find = "Look for stale containers";

    /// <summary>The name of the step whose output is what the proxy routes to.</summary>
    public const string List = "See whether they are routed to";

    /// <summary>The name of the step that stops them, and prints their ids.</summary>
    public const string Stop = "Stop stale containers";

    /// <summary>Finds those of the selected roles, and stops them if asked.</summary>
    public static Steps Steps(KamalContext context, bool stop) =>
        Operations.Steps.Of(host => context.Selection.RolesOn(host).SelectMany(role => For(context.Configuration, role, stop)));

    /// <summary>Finds them, and stops them if asked.</summary>
    public static IEnumerable<Step> For(KamalConfiguration configuration, RoleConfiguration role, bool stop)
    {
        var app = new AppCommands(configuration, role);
        var others = Has(Current).And(ShellCommand.Of("printf", "%s\\n", ShellWord.Variable(Running)).Pipe(
            ShellCommand.Of("grep", "-v", ShellWord.Join("^", ShellWord.Variable(Current), ShellWord.Literal(" ")))));
        IEnumerable<Step> steps =
        [
            new("List the running containers", app.Running()) { Effect = StepEffect.ReadOnly, CaptureAs = Running, IgnoreFailure = true },
            // A container alone is the current one. This step has no condition: what it finds must not be what it found of another role.
            new("Find the running container", AppCommands.AreSeveral(Running).And(app.CurrentContainerId()))
            {
                Effect = StepEffect.ReadOnly, CaptureAs = Current, IgnoreFailure = true,
            },
            new(Find, others) { Effect = StepEffect.ReadOnly, CaptureAs = Stale, IgnoreFailure = true },
            .. role.IsProxied
                ? [new(List, ProxyCommands.List())
                {
                    Effect = StepEffect.ReadOnly,
                    CaptureAs = Services,
                    IgnoreFailure = true,
                    When = Has(Stale),
                }]
                : Array.Empty<Step>(),
            // Where the proxy does not say what it routes to, nothing behind it is stopped.
            .. stop
                ? [new(Stop, StopThem(app, role))
                {
                    IgnoreFailure = true, When = role.IsProxied ? Has(Stale).And(Has(Services)) : Has(Stale),
                }]
                : Array.Empty<Step>(),
        ];
        return steps.Select(step => step with { Role = role.Name });
    }

    /// <summary>The containers that the steps found on a host, without those to which the proxy routes.</summary>
    public static IEnumerable<(string Id, string Name)> Found(ScriptResult result, RoleConfiguration role)
    {
        StepResult? Of(string name) => result.Steps.FirstOrDefault(step =>
            step.Step.Name == name && step.Step.Role == role.Name && step.Status == StepStatus.Succeeded);
        var targets = Of(List) is { } listed
            ? ProxyListing.Parse(result.HostName, listed.Output).SelectMany(service => service.Targets).ToList()
            : [];
        return (Of(Find)?.Output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2).Select(parts => (Id: parts[0], Name: parts[1]))
            .Where(container => !targets.Exists(target =>
                target.StartsWith(container.Id + ":", StringComparison.Ordinal)
                || target.StartsWith(container.Name + ":", StringComparison.Ordinal)));
    }

    /// <summary>The records of those that were found on a host.</summary>
    public static IEnumerable<KamalStaleContainer> Records(KamalConfiguration configuration, RoleConfiguration role, ScriptResult result) =>
        Found(result, role).Select(container => new KamalStaleContainer(result.HostName, role.Name, new AppCommands(configuration, role)
            .VersionOf(container.Name) ?? "")
        {
            ContainerName = container.Name,
            Stopped = result.Steps.Any(step => step.Step.Name == Stop && step.Step.Role == role.Name
                && step.Status == StepStatus.Succeeded),
        });

    private static ShellCommand Has(string variable) => ShellCommand.Of("[", "-n", ShellWord.Variable(variable), "]");

    private static ShellCommand StopThem(AppCommands app, RoleConfiguration role)
    {
        var unlessRouted = role.IsProxied
            ? ShellWord.Raw($"case {ShellWord.Variable(Services)} in *\"$id:\"*|*\"$name:\"*) continue;; esac; ")
            : ShellWord.Raw("");
        return ShellCommand.Raw($"printf '%s\\n' {ShellWord.Variable(Stale)} | while read -r id name; do "
            + $"{unlessRouted}{app.StopIds("id")}; done");
    }
}
