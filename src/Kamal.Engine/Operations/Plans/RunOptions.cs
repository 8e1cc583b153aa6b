using Kamal.Engine.Configuration;

namespace Kamal.Engine.Operations;

/// <summary>How a run goes about its work.</summary>
public sealed record RunOptions
{
    /// <summary>Hooks are not run.</summary>
    public bool SkipHooks { get; init; }

    /// <summary>A held deploy lock is waited for instead of being an error.</summary>
    public bool LockWait { get; init; }

    /// <summary>How long it is waited for.</summary>
    public TimeSpan LockWaitTimeout { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>How often it is looked at meanwhile.</summary>
    public TimeSpan LockWaitInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether a run that calls this one, by a hook, holds the deploy lock; by default as the variable KAMAL_LOCK says.</summary>
    public bool LockHeldByCaller { get; init; } = Environment.GetEnvironmentVariable("KAMAL_LOCK") == "true";

    /// <summary>What to do if hosts fail; as configured, if null. Only deploys and the like heed it.</summary>
    public HostFailureAction? OnHostFailure { get; init; }

    /// <summary>How many hosts may fail; as configured, if null.</summary>
    public FailureLimit? MaxFailure { get; init; }

    /// <summary>How long a new version is watched after the switch; as configured, if null, and not at all, if zero.</summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>The percentage of its requests that may get a server error while it is watched; as configured, if null.</summary>
    public double? MaxErrorRate { get; init; }

    /// <summary>Whether hosts that cannot be reached are left out; as configured, if null.</summary>
    public bool? SkipUnreachable { get; init; }

    /// <summary>Whether the plan is emitted when the run begins.</summary>
    public bool EmitsPlan { get; init; }

    /// <summary>
    /// Kamal's name of the command for hooks: <c>deploy</c>, <c>app</c>. Kamal 2.12 never names the subcommand, though its documentation
    /// lists a variable for it.
    /// </summary>
    public string Command { get; init; } = "";

    /// <summary>Whether hooks' output is shown: the operation's own verbosity, which deploy.yml's <c>hooks_output</c> may change.</summary>
    public HookOutput HookOutput { get; init; }
}
