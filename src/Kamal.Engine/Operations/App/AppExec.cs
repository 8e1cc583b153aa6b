using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>The plan of <c>kamal app exec</c>.</summary>
internal static class AppExec
{
    private const string FindTitle = "Find the running version";

    public static Plan Plan(KamalContext context, ExecOptions options)
    {
        options.Validate();
        if (context.Configuration.Version is { Length: > 0 } given && VersionName.IsPrefix(given))
        {
            return Operations.Plan.Of(Operations.FindVersion.Then(context, given, app => Phases(app, options, _ => app)));
        }

        if (options.Reuse && context.Configuration.Version is not { Length: > 0 })
        {
            var (host, role) = (PrimaryHost(context), PrimaryRole(context));
            var about = new Outcome<KamalContext>(context.WithGivenOrLatestVersion());
            return Operations.Plan.Of([.. FindVersion(context, host, role, about), .. Phases(context, options, run => run.Get(about))]);
        }

        var known = options.Reuse ? context : context.WithGivenOrLatestVersion();
        return Operations.Plan.Of(Phases(context, options, _ => known));
    }

    /// <summary>Finds the version that runs on the primary host; if none runs, it is the one that is checked out (Kamal 2.12).</summary>
    private static IEnumerable<Phase> FindVersion(KamalContext context, string host, RoleConfiguration role, Outcome<KamalContext> about)
    {
        var running = new Outcome<string>("");
        var step = new Step(FindTitle, new AppCommands(context.Configuration, role).CurrentVersion()) { Effect = StepEffect.ReadOnly };
        yield return new HostPhase(FindTitle, [host], Steps.Of(_ => [step]))
        {
            NeedsAllHosts = true,
            Learn = (run, results) => run.Set(running, results[0].Find(FindTitle)!.Output),
        };
        yield return new LocalPhase(null, async run => run.Set(about, run.Get(running) is { Length: > 0 } version
            ? context.WithVersion(version)
            : await context.VersionedAsync(run.Cancellation).ConfigureAwait(false)));
    }

    private static IEnumerable<Phase> Phases(KamalContext context, ExecOptions options, Func<Run, KamalContext> about)
    {
        var login = options.Reuse ? Steps.Of(_ => []) : LoginSteps.Of(context.Configuration.PullRegistry);
        if (options.Interactive)
        {
            var (host, role) = (PrimaryHost(context), PrimaryRole(context));
            var where = options.Reuse ? "the running container" : "a new container";
            if (!options.Reuse)
            {
                yield return new HostPhase("Log in to the registry", [host], login, new Steps(async run =>
                {
                    var envFile = await EnvFileAsync(run, about(run).Configuration, role, host).ConfigureAwait(false);
                    return _ => envFile;
                }))
                {
                    NeedsAllHosts = true,
                };
            }

            yield return new InteractivePhase(host, run => Command(about(run).Configuration, options, role, host))
            {
                Announcement =
                    run => $"Launching the command with version {about(run).Configuration.RequiredVersion} in {where} on {host}...",
            };
            yield break;
        }

        yield return new CommandPhase(context.Selection.AppHosts, async run =>
        {
            var app = about(run);
            var audit = await run.AuditAsync(app).ConfigureAwait(false);
            var loginFor = await login.TakeAsync(run).ConfigureAwait(false);
            var envFiles = new Dictionary<(string Host, string Role), IReadOnlyList<Step>>();
            foreach (var host in options.Reuse ? [] : app.Selection.AppHosts)
            {
                foreach (var role in app.Selection.RolesOn(host))
                {
                    envFiles[(host, role.Name)] = await EnvFileAsync(run, app.Configuration, role, host).ConfigureAwait(false);
                }
            }

            var message = $"Executed cmd '{options.Command}' on app version {app.Configuration.RequiredVersion}";
            return host => app.Selection.RolesOn(host).Select(role => new UserCommand(
                [.. loginFor(host), .. envFiles.GetValueOrDefault((host, role.Name), []),
                    new("Record the command", audit.Record(message, options.Reuse ? role.Name : null))
                {
                    Role = role.Name,
                }],
                Command(app.Configuration, options, role, host)));
        }, options.Raw);
    }

    private static Task<IReadOnlyList<Step>> EnvFileAsync(Run run, KamalConfiguration configuration, RoleConfiguration role, string host) =>
        EnvFileInput.WriteMissingAsync(
            run, configuration.EnvFor(role, host), HostPaths.RoleEnv(configuration, role), step => step with { Role = role.Name });

    private static Step Command(KamalConfiguration configuration, ExecOptions options, RoleConfiguration role, string host)
    {
        var app = new AppCommands(configuration, role);
        var command = options.Reuse ? app.ExecuteInExisting(options) : app.ExecuteInNew(host, options);
        return new("Run the command", command)
        {
            Role = role.Name,
            IsConfidential = !options.Environment.IsEmpty,
            Ending = options.Detach ? null
                : options.Reuse ? ExecEndCommands.InContainer(app.ContainerName())
                : ExecEndCommands.InNewContainer(configuration.AbsoluteImage),
        };
    }

    private static string PrimaryHost(KamalContext context) =>
        context.Selection.PrimaryHost ?? throw new KamalException(KamalErrorId.HostNotFound, "No host is selected.");

    private static RoleConfiguration PrimaryRole(KamalContext context) =>
        context.Selection.PrimaryRole ?? throw new KamalException(
            KamalErrorId.RoleNotFound, $"No role of the app runs on {context.Selection.PrimaryHost}.");
}
