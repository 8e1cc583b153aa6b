using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Pulls the app's image on the selected hosts: by its digest if the build reported it, so that all hosts run the same image and those that
/// have it do nothing; otherwise by its tag. Where a mirror of Docker Hub serves several hosts, one of them fills it first. A registry on
/// this machine is reachable for the hosts meanwhile.
/// </summary>
internal sealed record Pull : Bracket
{
    private const string Title = "Pull the image";
    private const string MirrorVariable = "mirror";
    private const string PresentVariable = "present";

    private readonly KamalContext _context;
    private readonly Outcome<ImmutableDictionary<string, ScriptResult>> _results;

    private Pull(KamalContext context, Outcome<ImmutableDictionary<string, ScriptResult>> results, ImmutableArray<Phase> phases)
        : base(Title, phases)
    {
        _context = context;
        _results = results;
    }

    /// <summary>Whether each host's result is one of the operation's.</summary>
    public bool Produces { get; init; }

    /// <summary>Pulls.</summary>
    /// <param name="context">The context, with the version.</param>
    /// <param name="takes">A lock to take at the end of the same round trip, or null.</param>
    /// <param name="checks">Whether the round trip begins with the preflight.</param>
    /// <param name="othersPull">Whether later phases pull other images of the registry, such as those of accessories.</param>
    public static Pull Of(KamalContext context, DeployLock? takes, bool checks, bool othersPull = false)
    {
        var hosts = context.Selection.AppHosts;
        var results = new Outcome<ImmutableDictionary<string, ScriptResult>>(ImmutableDictionary<string, ScriptResult>.Empty);
        void Note(Run run, IEnumerable<ScriptResult> done) => run.Set(results, run.Get(results).SetItems(
            done.Where(result => hosts.Contains(result.HostName)).Select(result => KeyValuePair.Create(result.HostName, result))));
        // A mirror of the engine stands in for Docker Hub only (docker's registry-mirrors), so for other registries it is not looked for.
        var asksForMirror = hosts.Length > 1 && context.Configuration.Registry.IsDockerHub;
        var seeds = new Outcome<IReadOnlyList<string>>([]);
        var others = new Outcome<IReadOnlyList<string>>([]);
        var pull = new HostPhase(Title, context.Selection.Hosts, checks ? Preflight.Inside(context) : Steps.Of(_ => []),
            MakeDirectory(context), RunHistory.Begin(context), Login(context, othersPull).On(hosts),
            FirstSteps(context, asksForMirror).On(hosts))
        {
            Takes = takes,
            Read = Note,
            Explain = (_, result) => Explain(context, result),
            Learn = (run, done) =>
            {
                Preflight.Warn(run, context, done);
                var mirrored = done.Where(result => result.Captured(MirrorVariable).Length > 0).ToList();
                // A host that has the image would not fill its mirror.
                run.Set(seeds, [.. mirrored.GroupBy(result => result.Captured(MirrorVariable))
                    .Select(group => group.MinBy(result => result.Captured(PresentVariable).Length > 0)!.HostName)]);
                run.Set(others, [.. mirrored.Select(result => result.HostName).Except(run.Get(seeds))]);
            },
        };
        HostPhase Mirrored(string name, string which, Outcome<IReadOnlyList<string>> among) =>
            new(name, hosts, PullSteps(context, null, looks: true))
        {
            Among = among,
            Read = Note,
            Explain = (_, result) => Explain(context, result),
            When = new($"{which} uses a registry mirror", run => run.Get(among).Count > 0),
        };
        return new(context, results, asksForMirror
            ? [pull, Mirrored("Pull the image where it fills a mirror", "a host", seeds),
                Mirrored("Pull the image from the mirror", "another host", others)]
            : [pull]);
    }

    public override async Task RunAsync(Run run)
    {
        var forwards = await new LocalRegistry(run).ForwardAsync(_context.Selection.AppHosts).ConfigureAwait(false);
        await using var forwarding = forwards.ConfigureAwait(false);
        try
        {
            await run.RunAsync(Phases).ConfigureAwait(false);
        }
        finally
        {
            var results = run.Get(_results);
            foreach (var host in _context.Selection.AppHosts.Where(host => Produces && results.ContainsKey(host)))
            {
                run.Produce(HostResults.Of(results[host], Title));
            }
        }
    }

    /// <summary>Checks that the image on the host is one of this service.</summary>
    public static Step CheckLabel(KamalConfiguration configuration) =>
        new("Check the image's label", new ImageCommands(configuration).Validate().DiscardOutput())
        {
            Effect = StepEffect.ReadOnly,
            Error = KamalErrorId.ImageInvalid,
            FailureMessage = $"the image {configuration.AbsoluteImage} has no label service={configuration.Service}",
            Recommendation = $"Build it with Kamal, or add LABEL service=\"{configuration.Service}\" to the Dockerfile.",
        };

    public static Steps MakeDirectory(KamalContext context) =>
        Steps.Of(_ => [new("Make Kamal's directory", new ServerCommands(context.Configuration).EnsureRunDirectory())]);

    /// <summary>A version that is not in the registry may be an abbreviated one, as tables show it.</summary>
    private static ScriptResult Explain(KamalContext context, ScriptResult result) =>
        result.Failure is { Cause.Name: CauseName.ImageNotFound } failure && VersionName.IsPrefix(context.Configuration.RequiredVersion)
            ? result with
            {
                Failure = failure.WithNextStep(
                    $"If {context.Configuration.RequiredVersion} is the beginning of a commit, give all of it: git rev-parse " +
                    $"{context.Configuration.RequiredVersion}. {failure.Recommendation}".TrimEnd()),
            }
            : result;

    /// <summary>
    /// Logs in. With a digest, only if the host lacks the image or the proxy, whose image may come from the same registry.
    /// </summary>
    private static Steps Login(KamalContext context, bool othersPull) => new(async run =>
    {
        var registry = context.Configuration.PullRegistry;
        var digest = run.Get(AppImage.Digest);
        Func<string, ShellCommand>? when = digest is null || othersPull ? null : host => context.Selection.ProxyHosts.Contains(host)
            ? IsAbsent().Or(ShellCommand.Raw($"! {ProxyCommands.Exists()}"))
            : IsAbsent();
        var login = await new LoginSteps(run).OnHostsAsync(registry, when).ConfigureAwait(false);
        return host => digest is null ? login(host) : login(host).Prepend(Look(context, digest));
    });

    private static Steps FirstSteps(KamalContext context, bool asksForMirror)
    {
        if (!asksForMirror) return PullSteps(context, null, looks: false);
        var look = new Step("Look for a registry mirror", ImageCommands.FirstMirror())
        {
            Effect = StepEffect.ReadOnly, CaptureAs = MirrorVariable, IgnoreFailure = true,
        };
        var pull = PullSteps(context, ShellCommand.Of("[", "-z", ShellWord.Variable(MirrorVariable), "]"), looks: false);
        return new(async run =>
        {
            var steps = await pull.TakeAsync(run).ConfigureAwait(false);
            return host => steps(host).Prepend(look);
        });
    }

    private static Steps PullSteps(KamalContext context, ShellCommand? when, bool looks) => new(async run =>
    {
        var audit = await run.AuditAsync(context).ConfigureAwait(false);
        Step[] steps = run.Get(AppImage.Digest) is { } digest
            ? [.. looks ? [Look(context, digest)] : Array.Empty<Step>(), .. ByDigest(context, audit, digest, when)]
            : ByTag(context, audit, when);
        return _ => steps;
    });

    private static Step[] ByTag(KamalContext context, AuditCommands audit, ShellCommand? when)
    {
        var images = new ImageCommands(context.Configuration);
        return
        [
            Record(context, audit, when),
            new("Remove the image's old copy", images.Clean().DiscardOutput().DiscardErrors()) { When = when, IgnoreFailure = true },
            PullIt(context, images.Pull(), when),
            CheckLabel(context.Configuration) with { When = when },
        ];
    }

    private static Step[] ByDigest(KamalContext context, AuditCommands audit, string digest, ShellCommand? when)
    {
        var images = new ImageCommands(context.Configuration);
        var absent = when is null ? IsAbsent() : when.And(IsAbsent());
        return
        [
            Record(context, audit, absent),
            PullIt(context, images.Pull(digest), absent),
            new("Tag the image with its version", images.Tag(digest)) { When = when },
            CheckLabel(context.Configuration) with { When = when },
        ];
    }

    private static Step Look(KamalContext context, string digest) =>
        new("Look for the image", new ImageCommands(context.Configuration).Find(digest))
        {
            Effect = StepEffect.ReadOnly, CaptureAs = PresentVariable, IgnoreFailure = true,
        };

    private static ShellCommand IsAbsent() => ShellCommand.Of("[", "-z", ShellWord.Variable(PresentVariable), "]");

    private static Step Record(KamalContext context, AuditCommands audit, ShellCommand? when) =>
        new("Record the pull", audit.Record($"Pulled image with version {context.Configuration.RequiredVersion}")) { When = when };

    private static Step PullIt(KamalContext context, ShellCommand command, ShellCommand? when) =>
        new("Pull the image", command.DiscardOutput())
        {
            When = when,
            FailureMessage = $"the image {context.Configuration.AbsoluteImage} could not be pulled",
            Recommendation = "Was this version built and pushed? Leave out -SkipPush (--skip-push) to build it.",
        };
}
