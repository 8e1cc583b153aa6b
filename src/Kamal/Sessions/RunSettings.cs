using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Secrets;

namespace Kamal.Sessions;

/// <summary>The settings of a run, from a cmdlet's parameters.</summary>
internal sealed record RunSettings
{
    /// <summary>The session of the runspace.</summary>
    public required KamalSession Session { get; init; }

    /// <summary>The configuration to load.</summary>
    public required ConfigurationRequest Request { get; init; }

    /// <summary>Names or patterns of hosts; empty for all.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Names or patterns of hosts to leave out.</summary>
    public IReadOnlyList<string> ExcludedHostNames { get; init; } = [];

    /// <summary>Names or patterns of roles; empty for all.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Whether to work only on the primary host.</summary>
    public bool PrimaryOnly { get; init; }

    /// <summary>Whether patterns that match nothing are an error, as on Kamal's command line.</summary>
    public bool MustMatch { get; init; }

    /// <summary>The options of the operation.</summary>
    public RunOptions Options { get; init; } = new();

    /// <summary>Whether to show commands instead of running them.</summary>
    public bool IsPreview { get; init; }

    /// <summary>Whether the user can be prompted.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>The console for interactive commands, or null for cmdlets without them.</summary>
    public IInteractiveConsole? Console { get; init; }

    /// <summary>Whether the debug stream is shown.</summary>
    public bool IsDebug { get; init; }

    /// <summary>The maximum number of hosts to work on at once; null for all.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>Whether to accept unknown host keys and add them to known_hosts.</summary>
    public bool AcceptNewHostKeys { get; init; }

    /// <summary>The account to log in with, or null for the configured one.</summary>
    public string? Account { get; init; }

    /// <summary>The password of the account, or null.</summary>
    public SecretValue? Password { get; init; }

    /// <summary>The known secrets: those of the session, and those passed to the cmdlet.</summary>
    public required SecretRegister Secrets { get; init; }

    /// <summary>The name of the run in records, such as <c>app boot</c>, or null if it is not recorded.</summary>
    public string? RecordName { get; init; }
}
