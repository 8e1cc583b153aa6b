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

    /// <summary>Kamal's name of the command, for hooks and the audit log: <c>deploy</c>, <c>app</c>.</summary>
    public string Command { get; init; } = "";

    /// <summary>Kamal's name of the subcommand, if there is one: <c>boot</c>.</summary>
    public string? Subcommand { get; init; }

    /// <summary>Whether hooks' output is shown: the operation's own verbosity, which deploy.yml's <c>hooks_output</c> may change.</summary>
    public Configuration.HookOutput HookOutput { get; init; }
}
