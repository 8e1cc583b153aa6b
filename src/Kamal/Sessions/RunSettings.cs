using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Secrets;

namespace Kamal.Sessions;

/// <summary>What a cmdlet says about a run.</summary>
internal sealed record RunSettings
{
    /// <summary>The runspace's session.</summary>
    public required KamalSession Session { get; init; }

    /// <summary>Which configuration to load.</summary>
    public required ConfigurationRequest Request { get; init; }

    /// <summary>Hosts by name or pattern; empty for all.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Roles by name or pattern; empty for all.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Only the primary host.</summary>
    public bool PrimaryOnly { get; init; }

    /// <summary>Whether patterns that match nothing are an error, as on Kamal's command line.</summary>
    public bool MustMatch { get; init; }

    /// <summary>How the run goes about its work.</summary>
    public RunOptions Options { get; init; } = new();

    /// <summary>Whether nothing is really done.</summary>
    public bool IsPreview { get; init; }

    /// <summary>Whether somebody can be asked.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>The operator's end of interactive commands; null for cmdlets that have none.</summary>
    public IInteractiveConsole? Console { get; init; }

    /// <summary>Whether the debug stream is wanted.</summary>
    public bool IsDebug { get; init; }

    /// <summary>How many hosts work at once; all, if null.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>Whether unknown host keys are trusted and remembered.</summary>
    public bool AcceptNewHostKeys { get; init; }

    /// <summary>The account to log in with instead of the configured one; null for that one.</summary>
    public string? Account { get; init; }

    /// <summary>That account's password; null for none.</summary>
    public SecretValue? Password { get; init; }

    /// <summary>The secrets that are known: the session's, and those that the cmdlet was given.</summary>
    public required SecretRegister Secrets { get; init; }

    /// <summary>What the run is called where <c>output</c> records runs, as <c>app boot</c>; null if it is not recorded.</summary>
    public string? RecordName { get; init; }
}
