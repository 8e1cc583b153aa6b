using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local.Images;

namespace Kamal.Engine.Operations;

/// <summary>
/// Sends the app's image to the selected hosts that lack it, without a registry: each host's engine pulls it from a port of the host's
/// loopback, which this process serves over the host's connection. The port is there during the phase only.
/// </summary>
internal sealed record Transfer : Bracket
{
    private const string Title = "Transfer the image";
    private const string PresentVariable = "present";

    /// <summary>How long it may take to clean up after a stop: the operator is waiting for the prompt.</summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(20);

    private readonly KamalContext _context;
    private readonly Outcome<Sending> _sending;
    private readonly Outcome<ImmutableDictionary<string, ScriptResult>> _results;

    private Transfer(
        KamalContext context, Outcome<Sending> sending, Outcome<ImmutableDictionary<string, ScriptResult>> results,
        ImmutableArray<Phase> phases)
        : base(Title, phases)
    {
        _context = context;
        _sending = sending;
        _results = results;
    }

    /// <summary>Whether each host's result is one of the operation's.</summary>
    public bool Produces { get; init; }

    /// <summary>Transfers.</summary>
    /// <param name="context">The context, with the version.</param>
    /// <param name="takes">A lock to take at the end of the same round trip, or null.</param>
    /// <param name="checks">Whether the round trip begins with the preflight.</param>
    public static Transfer Of(KamalContext context, DeployLock? takes, bool checks)
    {
        var hosts = context.Selection.AppHosts;
        var sending = new Outcome<Sending>(new(context, null));
        var results = new Outcome<ImmutableDictionary<string, ScriptResult>>(ImmutableDictionary<string, ScriptResult>.Empty);
        var prepare = new LocalPhase("Prepare the image for the transfer", async run =>
        {
            var store = context.Images();
            var image = await SavedImage.FindAsync(run, context, store).ConfigureAwait(false);
            run.Set(sending, new(context, image)
            {
                Store = store,
                Architecture = image is null ? null : await SavedImage.ArchitectureAsync(store, image).ConfigureAwait(false),
                Parts = image is null ? [] : await SavedImage.PartsAsync(store, image).ConfigureAwait(false),
            });
        });
        var transfer = new HostPhase(Title, context.Selection.Hosts, checks ? Preflight.Inside(context) : Steps.Of(_ => []),
            Pull.MakeDirectory(context), RunHistory.Begin(context), TransferSteps(context, sending).On(hosts))
        {
            Takes = takes,
            Read = (run, done) => run.Set(results, run.Get(results).SetItems(
                done.Where(result => hosts.Contains(result.HostName)).Select(result => KeyValuePair.Create(result.HostName, result)))),
            Learn = (run, done) => Preflight.Warn(run, context, done),
        };
        return new(context, sending, results, [prepare, transfer]);
    }

    public override async Task RunAsync(Run run)
    {
        await run.RunAsync([Phases[0]]).ConfigureAwait(false);
        await run.ConnectAsync().ConfigureAwait(false);
        var sending = run.Get(_sending);
        try
        {
            await Task.WhenAll(_context.Selection.AppHosts.Where(run.Participants.Include).Select(host => sending.OpenAsync(run, host)))
                .ConfigureAwait(false);
            await run.RunAsync([Phases[1]]).ConfigureAwait(false);
            sending.Tell(run);
        }
        catch (OperationCanceledException)
        {
            await sending.CloseAsync().ConfigureAwait(false);
            await CleanUpAsync(run, sending).ConfigureAwait(false);
            throw;
        }
        finally
        {
            await sending.CloseAsync().ConfigureAwait(false);
            var results = run.Get(_results);
            foreach (var host in _context.Selection.AppHosts.Where(host => Produces && results.ContainsKey(host)))
            {
                run.Produce(HostResults.Of(results[host], Title));
            }
        }
    }

    private static Steps TransferSteps(KamalContext context, Outcome<Sending> outcome) => new(async run =>
    {
        var audit = await run.AuditAsync(context).ConfigureAwait(false);
        var sending = run.Get(outcome);
        return host => StepsFor(context, audit, sending, host);
    });

    private static IEnumerable<Step> StepsFor(KamalContext context, AuditCommands audit, Sending sending, string host)
    {
        var configuration = context.Configuration;
        var commands = sending.CommandsFor(host);
        var present = ShellCommand.Of("[", "-n", ShellWord.Variable(PresentVariable), "]");
        var absent = ShellCommand.Of("[", "-z", ShellWord.Variable(PresentVariable), "]");
        Step get = sending.RefusalOf(host) is { } refusal
            ? new("Transfer the image to the host", ShellCommand.Of("false"))
            {
                When = absent,
                Error = KamalErrorId.ConnectionFailed,
                FailureMessage = $"the image could not be transferred, as no port of the host could be served: {refusal}",
                Recommendation = "The host's SSH server must allow it (AllowTcpForwarding yes or remote), or use a registry.",
            }
            : new("Transfer the image to the host", commands.Pull())
            {
                When = absent,
                Input = StepInput.Of(commands.Configuration(sending.Password), "a login for this run"),
                FailureMessage = $"the image {configuration.AbsoluteImage} could not be transferred",
                Recommendation = "Run the command again: layers that have arrived are not sent again. "
                    + "An engine without root cannot reach the port: use a registry.",
            };
        return
        [
            new("Record the transfer", audit.Record($"Transferred image with version {configuration.RequiredVersion}")),
            new("Look for the image", commands.Find())
            {
                Effect = StepEffect.ReadOnly, CaptureAs = PresentVariable, IgnoreFailure = true,
            },
            new("Tag the image that is there", commands.TagFound(PresentVariable)) { When = present },
            new("Check the image's architecture", TransferCommands.CanRun(sending.Architecture))
            {
                When = absent,
                Effect = StepEffect.ReadOnly,
                Error = KamalErrorId.ImageInvalid,
                Cause = CauseName.WrongArchitecture,
                FailureMessage = $"the image is built for {sending.Architecture}, and the host has another processor",
                Recommendation = "Set builder.arch in deploy.yml to the host's architecture, then build and deploy again. A host with "
                    + "an emulator lists it in /proc/sys/fs/binfmt_misc.",
            },
            get,
            Pull.CheckLabel(configuration),
        ];
    }

    /// <summary>Waits for the pulls that were stopped: their ports are closed.</summary>
    private static async Task CleanUpAsync(Run run, Sending sending)
    {
        if (run.IsPreview) return;
        using var limit = new CancellationTokenSource(CleanUpLimit);
        try
        {
            await run.Context.Fleet.RunAsync("Clean up", [.. sending.Hosts], host => new("Clean up",
            [
                new("Remove what the transfer left", sending.CommandsFor(host).CleanUp()),
            ]), limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            run.Sink.Detail("The transfer was stopped, and the hosts did not clean up in time.");
        }
    }

    /// <summary>A transfer that goes on: the image, and each host's port.</summary>
    private sealed class Sending(KamalContext context, StoredImage? image)
    {
        private const int ProgressSteps = 200;
        private const string UnknownDigest = "sha256:DIGEST";

        private readonly ConcurrentDictionary<string, (IHostListener Listener, ImageServer? Server)> _open = [];
        private readonly ConcurrentDictionary<string, string> _refusals = [];

        public ImageStore? Store { get; init; }

        /// <summary>The image's architecture, as Docker names it.</summary>
        public string? Architecture { get; init; }

        public ImmutableArray<StoredImage> Parts { get; init; } = [];

        /// <summary>What hosts log in with, for this run only.</summary>
        public string Password { get; } = context.UniqueHex(32);

        public IEnumerable<string> Hosts => _open.Keys;

        public string? RefusalOf(string host) => _refusals.GetValueOrDefault(host);

        public TransferCommands CommandsFor(string host)
        {
            var port = _open.TryGetValue(host, out var open) ? open.Listener.Port : 0;
            return new(context.Configuration, port, image?.Manifest.Digest ?? UnknownDigest, image?.Config.Digest ?? UnknownDigest,
                [.. Parts.Select(part => part.Manifest.Digest)]);
        }

        /// <summary>Serves a port of a host. Where that is refused, the host's script says so, unless it has the image.</summary>
        public async Task OpenAsync(Run run, string host)
        {
            try
            {
                var server = image is null ? null : new ImageServer(Store!, image, Parts, context.Configuration.Image, Password)
                {
                    Progress = Progress(run, host, image.Size),
                };
                _open[host] = (await run.Context.Fleet.ListenAsync(
                    host, (stream, token) => server?.ServeAsync(stream, token) ?? Task.CompletedTask, run.Cancellation)
                    .ConfigureAwait(false), server);
            }
            catch (KamalException refused)
            {
                _refusals[host] = refused.Message.TrimEnd('.');
            }
        }

        /// <summary>Says how much was sent.</summary>
        public void Tell(Run run)
        {
            if (image is null) return;
            foreach (var (host, (_, server)) in _open)
            {
                run.Sink.Detail(server is { Sent: > 0 and var sent }
                    ? string.Create(CultureInfo.InvariantCulture, $"Sent {sent} of the image's {image.Size} bytes.")
                    : "The host has the image already.", host);
            }

            var (all, hosts) = (_open.Values.Sum(open => open.Server!.Sent), _open.Values.Count(open => open.Server!.Sent > 0));
            run.Sink.Inform(hosts == 0 ? "All hosts have the image already."
                : string.Create(CultureInfo.InvariantCulture,
                    $"Sent {all / 1e6:0.0} MB to {hosts} {(hosts == 1 ? "host" : "hosts")}; the image has {image.Size / 1e6:0.0} MB."));
        }

        public async Task CloseAsync()
        {
            foreach (var (listener, _) in _open.Values) await listener.DisposeAsync().ConfigureAwait(false);
        }

        private static Action<long> Progress(Run run, string host, long size)
        {
            var told = 0L;
            return sent =>
            {
                var last = Interlocked.Read(ref told);
                if (sent < size && sent - last < size / ProgressSteps) return;
                if (Interlocked.CompareExchange(ref told, sent, last) == last)
                {
                    run.Sink.Emit(new TransferProgressed(Math.Min(sent, size), size) { HostName = host });
                }
            };
        }
    }
}
