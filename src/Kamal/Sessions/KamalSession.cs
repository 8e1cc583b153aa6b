using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;
using Kamal.Feedback;
using Kamal.Loading;

namespace Kamal.Sessions;

/// <summary>
/// The state that a runspace keeps between cmdlets: open connections, known secrets, seen versions. Each runspace of
/// <c>ForEach-Object -Parallel</c> has its own.
/// </summary>
internal sealed class KamalSession : IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);
    private static readonly ConditionalWeakTable<Runspace, KamalSession> Sessions = new();

    private readonly Lazy<HostConnectionPool> _pool;
    private readonly Dictionary<SeenProject, SeenNames> _seen = [];

    private KamalSession() => _pool = new(() => new(Connector ?? AdapterLoader.Factory.CreateHostConnector()));

    /// <summary>The session of the current thread's runspace.</summary>
    /// <exception cref="InvalidOperationException">The thread does not run a pipeline.</exception>
    public static KamalSession Current =>
        For(Runspace.DefaultRunspace ?? throw new InvalidOperationException("This thread does not run a pipeline."));

    /// <summary>The connector to use instead of the adapters'. Tests set it before the first connection.</summary>
    public IHostConnector? Connector { get; set; }

    /// <summary>The open connections.</summary>
    public HostConnectionPool Pool => _pool.Value;

    /// <summary>The secrets that this session knows. The output of later commands may also contain them.</summary>
    public SecretRegister Secrets { get; } = new();

    /// <summary>Whether it has a pool of connections, which may all be closed.</summary>
    public bool HasPool => _pool.IsValueCreated;

    /// <summary>What the CI service that runs this process has been told to mask.</summary>
    public HashSet<string> Masked { get; } = [];

    /// <summary>The open connections whose host names match a wildcard pattern.</summary>
    public IEnumerable<KamalConnection> ConnectionsTo(IEnumerable<string> hostNames)
    {
        var patterns = hostNames.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToList();
        return Pool.Connections.Where(connection => patterns.Any(pattern => pattern.IsMatch(connection.HostName)));
    }

    /// <summary>What has been seen of a project, in this session or before.</summary>
    public SeenNames SeenIn(SeenProject project)
    {
        if (!_seen.TryGetValue(project, out var seen)) _seen[project] = seen = SeenFile.Read(project);
        return seen;
    }

    /// <summary>Keeps what has been seen for later sessions.</summary>
    public void SaveSeen()
    {
        foreach (var (project, seen) in _seen) SeenFile.Save(project, seen);
    }

    /// <summary>The session of a runspace.</summary>
    public static KamalSession For(Runspace runspace) => Sessions.GetValue(runspace, Begin);

    /// <summary>Ends a runspace's session and closes its connections.</summary>
    public static void Forget(Runspace runspace)
    {
        if (!Sessions.TryGetValue(runspace, out var session)) return;
        Sessions.Remove(runspace);
        session.Dispose();
    }

    /// <summary>Closes the connections. Waits only briefly, so that a host that does not respond does not delay the user.</summary>
    public void Dispose()
    {
        if (_pool.IsValueCreated) Task.Run(() => _pool.Value.DisposeAsync().AsTask()).Wait(CloseTimeout);
    }

    private static KamalSession Begin(Runspace runspace)
    {
        runspace.StateChanged += EndWithRunspace;
        return new();
    }

    private static void EndWithRunspace(object? sender, RunspaceStateEventArgs change)
    {
        if (change.RunspaceStateInfo.State is not (RunspaceState.Closed or RunspaceState.Broken)) return;
        if (sender is Runspace runspace) Forget(runspace);
    }
}

/// <summary>Loads the adapters when the module is imported, and closes a runspace's connections when the module is removed.</summary>
public sealed class ModuleLifecycle : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);
    private static Task _feedback = Task.CompletedTask;

    /// <summary>Called by PowerShell at import. Must return quickly.</summary>
    public void OnImport()
    {
        // The packages load in the background, ready for the first cmdlet.
        _ = Task.Run(AdapterLoader.Preload);
        // Feedback is for a person at a terminal, so that scripts do not wait for it.
        if (!Console.IsInputRedirected) _feedback = Task.Run(FeedbackProvider.Register);
    }

    /// <summary>Called by PowerShell when the module is removed.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        _feedback.Wait(CloseTimeout);
        FeedbackProvider.Unregister();
        if (Runspace.DefaultRunspace is { } runspace) KamalSession.Forget(runspace);
    }
}
