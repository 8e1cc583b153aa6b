namespace Kamal.Engine.Results;

/// <summary>What a user's own command did on a host.</summary>
/// <param name="HostName">The host.</param>
/// <param name="ExitCode">Its exit code; 0 means success. Null if it was not run or a signal ended it.</param>
/// <param name="Output">What it printed to standard output, without the final newline.</param>
public sealed record KamalCommandResult(string HostName, int? ExitCode, string Output)
{
    /// <summary>The role whose container it ran in, if one.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory whose container it ran in, if one.</summary>
    public string? Accessory { get; init; }

    /// <summary>What it printed to standard error, without the final newline.</summary>
    public string ErrorOutput { get; init; } = "";

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}
