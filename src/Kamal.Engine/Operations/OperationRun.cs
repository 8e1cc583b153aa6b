using System.Collections.Immutable;
using System.Security.Cryptography;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>One operation at work: its context, where its events go, and what stops it.</summary>
internal sealed class OperationRun
{
    private readonly IRunSink _sink;
    private readonly OperationRun _origin;

    public OperationRun(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        if (context.Configuration.Version is { Length: > 0 } version) VersionName.Checked(version);
        Context = context;
        _sink = sink;
        _origin = this;
        Cancellation = cancellationToken;
        Git = new(context.Local, context.Configuration.ProjectDirectory) { RunsFilters = context.Configuration.RunsCommands };
        if (context.Options.LockHeldByCaller) context.State.HoldingLock = true;
    }

    private OperationRun(OperationRun source, KamalContext context)
    {
        Context = context;
        _sink = source._sink;
        _origin = source._origin;
        Cancellation = source.Cancellation;
        Git = source.Git;
    }

    public KamalContext Context { get; }

    public KamalConfiguration Configuration => Context.Configuration;

    public HostSelection Selection => Context.Selection;

    public IRunSink Sink => _sink;

    public CancellationToken Cancellation { get; }

    public Git Git { get; }

    public bool IsPreview => Context.Fleet.IsPreview;

    /// <summary>The same run about another version.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it cannot be a version.</exception>
    public OperationRun WithVersion(string version) =>
        new(this, Context with { Configuration = Configuration with { Version = GivenNames.Version(version) } });

    /// <summary>The same run about fewer hosts.</summary>
    public OperationRun WithHosts(params ImmutableArray<string> hosts) =>
        new(this, Context with { Selection = Selection.Narrow(hosts) });

    /// <summary>The same run with its version known: given, or VERSION, or git's commit.</summary>
    public async Task<OperationRun> WithResolvedVersionAsync() =>
        Configuration.Version is { Length: > 0 } ? this : WithVersion(await ResolveVersionAsync().ConfigureAwait(false));

    /// <summary>The same run, once what can be wrong on this machine is found to be right, before anything connects.</summary>
    public async Task<OperationRun> CheckedAsync()
    {
        await new OwnCertificates(this).CheckRolesAsync().ConfigureAwait(false);
        return this;
    }

    /// <summary>The same run about the given version, or else about the image that is tagged as latest.</summary>
    public OperationRun WithGivenOrLatestVersion() => WithVersion(Configuration.Version is { Length: > 0 } given ? given : Configuration.LatestTag);

    /// <summary>Who does it: git's email, else the account on this machine.</summary>
    public async Task<string> PerformerAsync()
    {
        if (Context.State.Performer is { } known) return known;
        var email = await Git.EmailAsync(Cancellation).ConfigureAwait(false);
        return Context.State.Performer = email.Length > 0 ? email : Environment.UserName;
    }

    /// <summary>The audit log's commands, stamped with now.</summary>
    public async Task<AuditCommands> AuditAsync() => new(Configuration, await PerformerAsync().ConfigureAwait(false), Context.Clock.GetUtcNow(), Context.Redact);

    /// <summary>Runs a phase; a host that fails is reported, and the operation ends after the others are done.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.OperationFailed"/>: a host failed.</exception>
    public async Task<IReadOnlyList<ScriptResult>> PhaseAsync(string phase, IReadOnlyList<string> hosts, Func<string, IEnumerable<Step>> stepsFor)
    {
        var results = await TryPhaseAsync(phase, hosts, stepsFor).ConfigureAwait(false);
        ThrowIfFailed(phase, results);
        return results;
    }

    /// <summary>Runs a phase and reports hosts that fail; the caller decides what their failure means.</summary>
    /// <param name="phase">The phase's name.</param>
    /// <param name="hosts">The hosts.</param>
    /// <param name="stepsFor">The steps of a host.</param>
    /// <param name="sending">Called when a host's script is about to be sent.</param>
    public async Task<IReadOnlyList<ScriptResult>> TryPhaseAsync(
        string phase, IReadOnlyList<string> hosts, Func<string, IEnumerable<Step>> stepsFor, Action<string>? sending = null)
    {
        await ConnectAsync().ConfigureAwait(false);
        var results = await Context.Fleet.RunAsync(
            phase, hosts, host => new HostScript(phase, [.. stepsFor(host)]) { Sending = () => sending?.Invoke(host) }, Cancellation).ConfigureAwait(false);
        Report(results);
        return results;
    }

    /// <summary>Runs one script on one host, as a part of a phase that chains scripts.</summary>
    public async Task<ScriptResult?> ScriptAsync(string host, HostScript script)
    {
        await ConnectAsync().ConfigureAwait(false);
        var results = await Context.Fleet.RunAsync(script.Phase, [host], _ => script, Cancellation).ConfigureAwait(false);
        Report(results);
        return results.Count > 0 ? results[0] : null;
    }

    /// <summary>Gives the pre-connect hook its turn before anything reaches a host. It hears of the version given or checked out, whichever one the operation turns to then.</summary>
    public async Task ConnectAsync()
    {
        if (Context.State.Connected) return;
        Context.State.Connected = true;
        await new HookRunner(_origin).RunAsync("pre-connect", withSecrets: true).ConfigureAwait(false);
    }

    /// <summary>Begins to connect while this machine still looks up versions and secrets, unless a pre-connect hook must come first.</summary>
    public OperationRun Warmed()
    {
        if (!new HookRunner(this).Has("pre-connect") && !Selection.IsEmpty) Context.Fleet.Warm(Selection.Hosts, Cancellation);
        return this;
    }

    /// <summary>Runs a program on this machine.</summary>
    public async Task<LocalResult> LocalAsync(LocalCommand command, IProgress<LocalOutputLine>? lines = null)
    {
        var preview = IsPreview && command.Effect == StepEffect.Mutating;
        Sink.Emit(preview ? new LocalPreviewed(command.Display) : new LocalStarted(command.Display));
        return await Context.Local.RunAsync(command.WorkingDirectory is null ? command with { WorkingDirectory = Configuration.ProjectDirectory } : command, lines, Cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends the operation if a host failed.</summary>
    public static void ThrowIfFailed(string phase, IReadOnlyList<ScriptResult> results, int? exitCode = null) =>
        ThrowIfAny(phase, [.. results.Where(result => !result.Succeeded).Select(result => (result.HostName, result.Failure!))], exitCode);

    /// <summary>Reports what failed on hosts outside of a phase, and then ends the operation if anything did.</summary>
    public void ThrowReported(string phase, IReadOnlyList<KamalException> failures, int? exitCode = null)
    {
        foreach (var failure in failures) Sink.Emit(new HostFailed(failure) { HostName = failure.HostName });
        ThrowIfAny(phase, [.. failures.Select(failure => (failure.HostName ?? "this machine", failure))], exitCode);
    }

    private static void ThrowIfAny(string phase, IReadOnlyList<(string HostName, KamalException Error)> failures, int? exitCode)
    {
        if (failures.Count == 0) return;
        var hosts = string.Join(", ", failures.Select(failure => failure.HostName).Distinct());
        var only = failures.Count == 1 ? failures[0].Error : null;
        throw new KamalException(KamalErrorId.OperationFailed, $"{phase}: failed on {hosts}.{(only is null ? "" : " " + only.Message)}")
        {
            Causes = [.. failures.Select(failure => failure.Error)],
            HostName = only?.HostName,
            Role = only?.Role,
            ExitCode = exitCode,
            Recommendation = failures[0].Error.Recommendation,
        };
    }

    private void Report(IReadOnlyList<ScriptResult> results)
    {
        foreach (var result in results)
        {
            if (result.Failure is { } failure) Sink.Emit(new HostFailed(Explain(result, failure)) { HostName = result.HostName });
        }
    }

    /// <summary>Adds to a failure what the script read to explain it.</summary>
    private static KamalException Explain(ScriptResult result, KamalException failure) =>
        result.Find(BootExplanation.ReadLog) is not null ? BootExplanation.Of(result, failure) : failure;

    private async Task<string> ResolveVersionAsync()
    {
        if (Environment.GetEnvironmentVariable("VERSION") is { Length: > 0 } version) return version;
        if (!await Git.IsRepositoryAsync(Cancellation).ConfigureAwait(false))
        {
            throw new KamalException(KamalErrorId.ArgumentInvalid,
                $"There is no version: {Configuration.ProjectDirectory} is no git repository, so its commit cannot be the version.")
            {
                Recommendation = "Set the version with -Version (--version) or the variable VERSION, or work in a git repository.",
            };
        }

        var revision = await Git.RevisionAsync(Cancellation).ConfigureAwait(false);
        // A context of its own is built with whatever is not committed, and its version must say so.
        var dirty = Configuration.Builder.Context is not null &&
            (await Git.UncommittedChangesAsync(Cancellation).ConfigureAwait(false)).Length > 0;
        return dirty ? $"{revision}_uncommitted_{RandomNumberGenerator.GetHexString(16, lowercase: true)}" : revision;
    }
}
