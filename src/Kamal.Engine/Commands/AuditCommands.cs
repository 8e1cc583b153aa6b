using System.Globalization;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>The audit log of a host: one line a change.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="performer">Who does it: git's email, else the account here.</param>
/// <param name="recordedAt">When, in UTC.</param>
/// <param name="redact">Takes known secrets out of a line; null where none can be in it.</param>
internal sealed class AuditCommands(KamalConfiguration configuration, string performer, DateTimeOffset recordedAt, Func<string, string>? redact = null)
{
    /// <summary>Appends a line. The log can be read by its owner only, since lines may quote commands; one of Kamal's is closed.</summary>
    public ShellCommand Record(string message, string? role = null)
    {
        var tags = string.Concat(new[]
        {
            recordedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            performer,
            configuration.Destination,
            role,
        }.Where(tag => !string.IsNullOrEmpty(tag)).Select(tag => $"[{tag}] "));
        return ShellCommand.Raw("umask 077")
            // A test is the shell's own; mkdir is a process, and nearly always there is nothing to make.
            .And(ShellCommand.Of("[", "-d", configuration.RunDirectory, "]").Or(ShellCommand.Of("mkdir", "-p", configuration.RunDirectory)).Group())
            .And(ShellCommand.Of("[", "!", "-O", HostPaths.AuditLog(configuration), "]").Or(ShellCommand.Of("chmod", "600", HostPaths.AuditLog(configuration))).Group())
            .And(ShellCommand.Of("printf", "%s\\n", OneLine(tags + message)).AppendTo(HostPaths.AuditLog(configuration)));
    }

    /// <summary>The log's last lines.</summary>
    public ShellCommand Reveal(int lines) =>
        ShellCommand.Of("tail", "-n", lines.ToString(CultureInfo.InvariantCulture), HostPaths.AuditLog(configuration));

    private string OneLine(string text) => (redact is null ? text : redact(text)).ReplaceLineEndings("\\n");
}
