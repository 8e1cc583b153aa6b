using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;
using Kamal.Loading;

namespace Kamal.Sessions;

/// <summary>
/// The state that a runspace keeps between cmdlets: open connections, known secrets, seen versions. Each runspace of
/// <c>ForEach-Object -Parallel</c> has its own.
/// </summary>
internal sealed class KamalSession : IDisposable
{
    private const int MaxVersions = 50;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);
    private static readonly ConditionalWeakTable<Runspace, KamalSession> Sessions = new();

    private readonly Lazy<HostConnectionPool> _pool;
    private readonly List<string> _versions = [];

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

    /// <summary>The versions in results of this session, latest first, for completion without connecting.</summary>
    public IReadOnlyList<string> SeenVersions => _versions;

    /// <summary>Remembers a version for completion, unless it is the name of a replaced container. Called on the pipeline thread.</summary>
    public void Remember(string version)
    {
        if (VersionName.IsReplaced(version)) return;
        _versions.Remove(version);
        _versions.Insert(0, version);
        if (_versions.Count > MaxVersions) _versions.RemoveAt(MaxVersions);
    }

    /// <summary>The open connections whose host names match a wildcard pattern.</summary>
    public IEnumerable<KamalConnection> ConnectionsTo(IEnumerable<string> hostNames)
    {
        var patterns = hostNames.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToList();
        return Pool.Connections.Where(connection => patterns.Any(pattern => pattern.IsMatch(connection.HostName)));
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
    /// <summary>Called by PowerShell at import. Must return quickly.</summary>
    public void OnImport()
    {
        // The packages load in the background, ready for the first cmdlet.
        _ = Task.Run(AdapterLoader.Preload);
    }

    /// <summary>Called by PowerShell when the module is removed.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is { } runspace) KamalSession.Forget(runspace);
    }
}
