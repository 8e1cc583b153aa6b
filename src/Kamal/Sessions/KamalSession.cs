using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Secrets;
using Kamal.Loading;

namespace Kamal.Sessions;

/// <summary>What one runspace keeps between cmdlets: warm connections. Each runspace of <c>ForEach-Object -Parallel</c> has its own.</summary>
internal sealed class KamalSession : IDisposable
{
    private const int MaxVersions = 50;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);
    private static readonly ConditionalWeakTable<Runspace, KamalSession> Sessions = new();

    private readonly Lazy<HostConnectionPool> _pool;

    private readonly List<string> _versions = [];

    private KamalSession() => _pool = new(() => new(Connector ?? AdapterLoader.Factory.CreateHostConnector()));

    /// <summary>The session of the current thread's runspace.</summary>
    /// <exception cref="InvalidOperationException">The thread is not a pipeline's.</exception>
    public static KamalSession Current => For(Runspace.DefaultRunspace ?? throw new InvalidOperationException("This thread runs no pipeline."));

    /// <summary>What connects instead of the adapters' own; set before the first connection, by tests.</summary>
    public IHostConnector? Connector { get; set; }

    /// <summary>The warm connections.</summary>
    public HostConnectionPool Pool => _pool.Value;

    /// <summary>The secrets that this session came to know: text that a later command shows may hold them too.</summary>
    public SecretRegister Secrets { get; } = new();

    /// <summary>Versions that results of this session named, the latest first: what can be completed without asking a host.</summary>
    public IReadOnlyList<string> SeenVersions => _versions;

    /// <summary>Remembers a version. Called on the pipeline thread, as completers are.</summary>
    /// <param name="version">The version; the name of a replaced container is none, and is not remembered.</param>
    public void Remember(string version)
    {
        if (VersionName.IsReplaced(version)) return;
        _versions.Remove(version);
        _versions.Insert(0, version);
        if (_versions.Count > MaxVersions) _versions.RemoveAt(MaxVersions);
    }

    /// <summary>The session of a runspace.</summary>
    /// <param name="runspace">The runspace.</param>
    public static KamalSession For(Runspace runspace) => Sessions.GetValue(runspace, Begin);

    /// <summary>Ends a runspace's session and closes its connections.</summary>
    /// <param name="runspace">The runspace.</param>
    public static void Forget(Runspace runspace)
    {
        if (!Sessions.TryGetValue(runspace, out var session)) return;
        Sessions.Remove(runspace);
        session.Dispose();
    }

    /// <summary>Closes the connections; waits for it a short while only, since whoever removes a module should not wait for a dead host.</summary>
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
        if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken && sender is Runspace runspace) Forget(runspace);
    }
}

/// <summary>Prepares a runspace when the module is imported there, and closes its connections when the module is removed.</summary>
public sealed class ModuleLifecycle : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <summary>Called by PowerShell at import. Does as little as it can: whoever imports the module waits for it.</summary>
    public void OnImport()
    {
        // Nobody waits for the packages: they load while the session goes on, and the first cmdlet finds them loaded.
        _ = Task.Run(AdapterLoader.Preload);
    }

    /// <summary>Called by PowerShell when the module is removed.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is { } runspace) KamalSession.Forget(runspace);
    }
}
