using System.Collections.Immutable;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Operations;

/// <summary>A plan as people see it: brackets are unfolded, scripts are rendered, and secrets are placeholders.</summary>
internal sealed class PlanView
{
    /// <summary>Who a view says runs the operation, so that it is the same for everybody.</summary>
    public const string Performer = "performer";

    private readonly List<ShownPhase> _phases = [];
    private string? _condition;

    private PlanView()
    {
    }

    public IReadOnlyList<ShownPhase> Phases => _phases;

    /// <summary>
    /// Renders a plan by the functions that a run uses, but with ports of its own: no host, command or secret is touched.
    /// </summary>
    public static async Task<PlanView> OfAsync(Plan plan, KamalContext context, CancellationToken cancellationToken)
    {
        var ports = new ClosedPorts();
        var closed = context with
        {
            Fleet = new PreviewFleet(ports), Local = ports, Secrets = ports, Clock = new StoppedClock(), UniqueHex = Placeholder,
        };
        var run = new Run(closed, ports, cancellationToken) { Performer = Performer, IsView = true };
        var view = new PlanView();
        await view.AddAsync(run, plan.Phases).ConfigureAwait(false);
        return view;
    }

    /// <summary>Digits that stand for random ones.</summary>
    public static string Placeholder(int length) => new('0', length);

    public async Task AddAsync(Run run, IEnumerable<Phase> phases)
    {
        foreach (var phase in phases)
        {
            var outer = _condition;
            _condition = phase.When?.Text ?? outer;
            await phase.ShowAsync(run, this).ConfigureAwait(false);
            _condition = outer;
        }
    }

    /// <summary>Adds work on this machine.</summary>
    public void Add(string name) => _phases.Add(new(name, [], _condition));

    /// <summary>Adds work on hosts; hosts without steps are left out.</summary>
    /// <param name="name">The phase's name.</param>
    /// <param name="scripts">The scripts.</param>
    /// <param name="condition">What must hold when the phase begins, as the end of "only if"; null if that does not matter.</param>
    public void Add(string name, IEnumerable<ShownScript> scripts, string? condition = null)
    {
        ImmutableArray<ShownScript> shown = [.. scripts.Where(script => !script.Script.Steps.IsEmpty)];
        if (!shown.IsEmpty) _phases.Add(new(name, shown, condition ?? _condition));
    }

    /// <summary>A time that stands for the current one.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override long GetTimestamp() => 0;
    }

    /// <summary>Ports that reach nothing: git and the vault are not asked, and events go nowhere.</summary>
    private sealed class ClosedPorts : IRunSink, ILocalRunner, ISecretStore
    {
        private static readonly SecretValue Secret = new(ShellWord.Redaction);

        public void Emit(RunEvent runEvent)
        {
            // A view has no audience yet.
        }

        public Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"Showing a plan may not run a command: {command.FileName}.");

        public Task<SecretValue> GetAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Secret);

        public Task<IReadOnlyList<SecretResult>> GetAllAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<SecretResult>>([]);

        public Task<IReadOnlyList<KeyValuePair<string, SecretValue>>> ListAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<KeyValuePair<string, SecretValue>>>([]);
    }
}

/// <summary>
/// A phase of a view; without scripts it runs on this machine. The condition completes "only if "; null if it always runs.
/// </summary>
internal sealed record ShownPhase(string Name, ImmutableArray<ShownScript> Scripts, string? Condition);

/// <summary>A host's script in a view, with the conditions of steps that are decided only while the plan runs.</summary>
internal sealed record ShownScript(string HostName, HostScript Script)
{
    public ImmutableDictionary<Step, string> Conditions { get; init; } =
        ImmutableDictionary.Create<Step, string>(ReferenceEqualityComparer.Instance);
}
