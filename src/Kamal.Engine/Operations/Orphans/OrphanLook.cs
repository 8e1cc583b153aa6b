using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Looks for orphans, in one round trip for each host.</summary>
/// <param name="context">The context.</param>
/// <param name="sources">What is known beside the configuration.</param>
internal sealed class OrphanLook(KamalContext context, OrphanSources sources)
{
    public const string Title = "Look for orphans";

    private readonly Outcome<ImmutableArray<HostInventory>> _read = new([]);

    /// <summary>The orphans, once they have been looked for.</summary>
    public Outcome<ImmutableArray<KamalOrphan>> Found { get; } = new([]);

    /// <summary>
    /// The hosts that the configuration had. Only a look at all configured hosts can tell whether one of them has a new name.
    /// </summary>
    public ImmutableArray<string> FormerHosts => context.Selection.Hosts.Length == context.Configuration.AllHosts.Length
        ? [.. sources.Former(context.Configuration).Select(one => one.HostName).Distinct()] : [];

    /// <summary>The phases that look at all hosts.</summary>
    public ImmutableArray<Phase> Phases() =>
    [
        .. Warm(),
        new HostPhase(Title, context.Selection.Hosts, Steps.Of(_ => InventorySteps())) { Read = Note },
        .. Rest(),
    ];

    /// <summary>Begins to connect to former hosts, while the others are read.</summary>
    public IEnumerable<Phase> Warm() => FormerHosts.IsEmpty ? [] : [new ConnectPhase(FormerHosts)];

    /// <summary>The phases after the configured hosts have been read.</summary>
    public IEnumerable<Phase> Rest() =>
    [
        .. FormerHosts.IsEmpty ? Array.Empty<Phase>() : [new FormerHosts(this, FormerHosts)],
        new LocalPhase(null, run =>
        {
            run.Set(Found, [.. run.Get(Found), .. run.Get(_read).SelectMany(host => Orphans(host))]);
            return Task.CompletedTask;
        }),
    ];

    /// <summary>The steps that read a host.</summary>
    public IEnumerable<Step> InventorySteps() => HostInventory.Steps(context.Configuration);

    /// <summary>Keeps what was read of configured hosts.</summary>
    /// <exception cref="KamalException">A host's answer cannot be read.</exception>
    public void Note(Run run, IEnumerable<ScriptResult> results) =>
        run.Set(_read, [.. run.Get(_read), .. results.Where(result => result.Succeeded).Select(Read)]);

    /// <summary>
    /// Keeps what was read of former hosts. One that is a configured host under another name is forgotten, and one on which nothing is
    /// left too; one that cannot be read is an orphan itself, so that it can be forgotten.
    /// </summary>
    public void NoteFormer(Run run, IEnumerable<ScriptResult> results)
    {
        if (run.IsPreview) return;
        var configured = run.Get(_read);
        if (configured.Length < context.Selection.Hosts.Length)
        {
            run.Sink.Warn($"Former hosts are left out because not all configured hosts could be read: {string.Join(", ", FormerHosts)}.");
            return;
        }

        foreach (var result in results)
        {
            var (host, problem) = TryRead(result);
            if (host is null) run.Set(Found, run.Get(Found).Add(Unreadable(result.HostName, problem!)));
            else if (configured.Any(host.IsSameMachine) || !Orphans(host).Any()) Forget(result.HostName);
            else run.Set(_read, run.Get(_read).Add(host));
        }
    }

    /// <summary>Forgets a former host.</summary>
    public void Forget(string hostName)
    {
        foreach (var one in sources.Former(context.Configuration).Where(one => one.HostName == hostName)) sources.Forget(one);
    }

    private IEnumerable<KamalOrphan> Orphans(HostInventory host) => new OrphanRules(context.Configuration, sources, host).Find();

    private static (HostInventory? Host, KamalException? Problem) TryRead(ScriptResult result)
    {
        if (result.Failure is { } failure) return (null, failure);
        try
        {
            return (Read(result), null);
        }
        catch (KamalException error)
        {
            return (null, error);
        }
    }

    private static HostInventory Read(ScriptResult result)
    {
        try
        {
            return HostInventory.Of(result);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KamalException)
        {
            throw new KamalException(KamalErrorId.RemoteCommandFailed,
                $"{result.HostName}: {Title}: the host's answer cannot be read: {error.Message}", error)
            {
                HostName = result.HostName,
            };
        }
    }

    private KamalOrphan Unreadable(string hostName, KamalException problem) =>
        Lost.HostOf(context.Configuration, hostName).Of(hostName, KamalOrphanKind.Host, hostName) with
        {
            Why = $"the configuration has no host {hostName}, and it cannot be read: {problem.Message}",
        };
}

/// <summary>Reads hosts that the configuration had. One that does not answer is no failure.</summary>
/// <param name="Look">Gets what was read.</param>
/// <param name="Hosts">The hosts.</param>
internal sealed record FormerHosts(OrphanLook Look, ImmutableArray<string> Hosts) : Phase(Title)
{
    private const string Title = "Look for orphans on former hosts";

    /// <summary>How long they are waited for: machines that are switched off do not refuse a connection.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public override async Task RunAsync(Run run)
    {
        await run.ConnectAsync().ConfigureAwait(false);
        var results = await Task.WhenAll(Hosts.Select(host => ReadAsync(run, host))).ConfigureAwait(false);
        Look.NoteFormer(run, results);
    }

    public override Task ShowAsync(Run run, PlanView view)
    {
        run.ShowConnect(view);
        view.Add(Name, Hosts.Select(host => new ShownScript(host, Script())));
        return Task.CompletedTask;
    }

    private HostScript Script() => new(Title, [.. Look.InventorySteps()]);

    private async Task<ScriptResult> ReadAsync(Run run, string host)
    {
        using var limit = new CancellationTokenSource(Limit, run.Context.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, run.Cancellation);
        try
        {
            var results = await run.Context.Fleet.RunAsync(Title, [host], _ => Script(), either.Token).ConfigureAwait(false);
            return results[0];
        }
        catch (OperationCanceledException) when (!run.Cancellation.IsCancellationRequested)
        {
            return new(host, Script(), [])
            {
                Failure = new(KamalErrorId.TimedOut, $"{host} did not answer within {Limit.Seconds} seconds.") { HostName = host },
            };
        }
    }
}
