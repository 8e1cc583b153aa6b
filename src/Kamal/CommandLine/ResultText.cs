using Kamal.Engine.Results;

namespace Kamal.CommandLine;

/// <summary>Results as text, where scripts written for Kamal read it.</summary>
internal static class ResultText
{
    /// <summary>The value itself, as text.</summary>
    public static object? Plain(object result) => result.ToString();

    /// <summary>The host and, below it, the version that runs there.</summary>
    public static object? AppVersion(object result) =>
        result is KamalAppVersion version ? $"App Host: {version.HostName}\n{version.Version}\n" : result;

    /// <summary>Who holds the deploy lock, in the words kept in it.</summary>
    public static object? Lock(object result) =>
        result is KamalLock held ? held.IsHeld ? held.Text.Trim() : "There is no deploy lock" : result;

    /// <summary>That the deploy lock is gone.</summary>
    public static object? LockReleased(object result) => result is KamalLock ? "Released the deploy lock" : result;

    /// <summary>A line of an audit log with its host.</summary>
    public static object? Audit(object result) => result is KamalAuditEntry entry ? $"[{entry.HostName}] {entry.Text}" : result;

    /// <summary>The builder's kind, and what docker says about all builders.</summary>
    public static object? Builder(object result) => result is KamalBuilder builder ? $"Builder: {builder.Kind.ToString().ToLowerInvariant()}\n{builder.Text}" : result;

    /// <summary>What remains of a result with <c>-q</c>: what the host itself said; null where that makes no difference.</summary>
    public static object? Quiet(object result) => result switch
    {
        KamalCommandResult command => command.Output,
        KamalAppVersion version => version.Version ?? "",
        KamalAuditEntry entry => entry.Text,
        KamalLogLine line => line.Line,
        _ => null,
    };

    /// <summary>What a command printed, below its host.</summary>
    public static object? Command(object result) =>
        result is KamalCommandResult command ? $"App Host: {command.HostName}\n{command.Output}\n" : result;
}
