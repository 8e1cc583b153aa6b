using System.Globalization;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>The audit log of a host: one line per change.</summary>
/// <param name="performer">Git's email address, else the local account.</param>
/// <param name="recordedAt">The time of the change.</param>
/// <param name="redact">Removes known secrets from a line; null if it cannot hold any.</param>
internal sealed class AuditCommands(
    KamalConfiguration configuration, string performer, DateTimeOffset recordedAt, Func<string, string>? redact = null)
{
    /// <summary>
    /// Appends a line. Only the owner can read the log, since lines may quote commands; a log that Kamal created is restricted too.
    /// </summary>
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
            // The test is a shell builtin, mkdir is a process, and the directory nearly always exists.
            .And(ShellCommand.Of("[", "-d", configuration.RunDirectory, "]")
                .Or(ShellCommand.Of("mkdir", "-p", configuration.RunDirectory)).Group())
            .And(ShellCommand.Of("[", "!", "-O", HostPaths.AuditLog(configuration), "]")
                .Or(ShellCommand.Of("chmod", "600", HostPaths.AuditLog(configuration))).Group())
            .And(ShellCommand.Of("printf", "%s\\n", OneLine(tags + message)).AppendTo(HostPaths.AuditLog(configuration)))
            .Or(ExplainFailure().Group());
    }

    /// <summary>Prints the last lines of the log.</summary>
    public ShellCommand Reveal(int lines) =>
        ShellCommand.Of("tail", "-n", lines.ToString(CultureInfo.InvariantCulture), HostPaths.AuditLog(configuration));

    /// <summary>Prints the latest lines about boots; nothing if there is no log.</summary>
    public ShellCommand Boots() =>
        ShellCommand.Of("tail", "-n", "1000", HostPaths.AuditLog(configuration)).DiscardErrors()
            .Pipe(ShellCommand.Of("grep", "-F", "] Booted app version ")).Or(ShellCommand.Of("true"));

    /// <summary>Fails, and says so if the file system is full: a shell's own <c>printf</c> only says "I/O error".</summary>
    private ShellCommand ExplainFailure() =>
        ShellCommand.Of("df", "-P", "-k", configuration.RunDirectory).DiscardErrors().Pipe(ShellCommand.Of("awk",
            """END { if (NR > 1 && $4 < 1024) print "no space left on device: " $4 " KiB are free on " $6 }""").MergeOutputIntoErrors())
            .Then(ShellCommand.Of("exit", "1"));

    private string OneLine(string text) => (redact is null ? text : redact(text)).ReplaceLineEndings("\\n");
}
