using Kamal.Engine.Results;

namespace Kamal.CommandLine;

/// <summary>Results as text, for scripts that read the output of Kamal.</summary>
internal static class ResultText
{
    /// <summary>The value as text.</summary>
    public static object? Plain(object result) => result.ToString();

    /// <summary>The host and, below it, the running version.</summary>
    public static object? AppVersion(object result) =>
        result is KamalAppVersion version ? $"App Host: {version.HostName}\n{version.Version}\n" : result;

    /// <summary>The details of the deploy lock, and whether it is stale.</summary>
    public static object? Lock(object result) => result switch
    {
        KamalLock { IsHeld: false } => "There is no deploy lock",
        KamalLock { StaleReason: { } reason } held => $"{held.Text.Trim()}\nStale: {reason}",
        KamalLock held => held.Text.Trim(),
        _ => result,
    };

    /// <summary>Confirms that the deploy lock is released.</summary>
    public static object? LockReleased(object result) => result is KamalLock ? "Released the deploy lock" : result;

    /// <summary>A line of the audit log, after its host.</summary>
    public static object? Audit(object result) => result is KamalAuditEntry entry ? $"[{entry.HostName}] {entry.Text}" : result;

    /// <summary>The kind of the builder, and Docker's list of builders.</summary>
    public static object? Builder(object result) =>
        result is KamalBuilder builder ? $"Builder: {builder.Kind.ToString().ToLowerInvariant()}\n{builder.Text}" : result;

    /// <summary>The part of a result to show with <c>-q</c>, or null for the whole result.</summary>
    public static object? Quiet(object result) => result switch
    {
        KamalCommandResult command => command.Output,
        KamalAppVersion version => version.Version ?? "",
        KamalAuditEntry entry => entry.Text,
        KamalLogLine line => line.Line,
        _ => null,
    };

    /// <summary>The output of a command, below its host.</summary>
    public static object? Command(object result) =>
        result is KamalCommandResult command ? $"App Host: {command.HostName}\n{command.Output}\n" : result;
}
