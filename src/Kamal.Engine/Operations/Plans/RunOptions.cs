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

    /// <summary>
    /// Kamal's name of the command for hooks: <c>deploy</c>, <c>app</c>. Kamal 2.12 never names the subcommand, though its documentation
    /// lists a variable for it.
    /// </summary>
    public string Command { get; init; } = "";

    /// <summary>Whether hooks' output is shown: the operation's own verbosity, which deploy.yml's <c>hooks_output</c> may change.</summary>
    public Configuration.HookOutput HookOutput { get; init; }
}
