using System.Text;

namespace Kamal.Engine.Local;

/// <summary>The command line for a Windows batch file, such as <c>bw.cmd</c> or <c>gcloud.cmd</c> from a package manager.</summary>
/// <remarks>cmd.exe parses the line again, by its own rules, so arguments that cannot be quoted for it are rejected.</remarks>
internal static class BatchFileLine
{
    /// <summary>Whether a program is a batch file, which Windows cannot start without cmd.exe.</summary>
    public static bool IsBatchFile(string path) =>
        path.EndsWith(".cmd", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".bat", StringComparison.OrdinalIgnoreCase);

    /// <summary>The arguments for cmd.exe.</summary>
    /// <param name="command">The command that runs it.</param>
    /// <exception cref="KamalException">An argument contains a character that cmd.exe interprets inside quotes.</exception>
    public static string Build(string path, LocalCommand command)
    {
        var line = new StringBuilder("/d /v:off /s /c \"\"").Append(path).Append('"');
        for (var i = 0; i < command.Arguments.Length; i++)
        {
            var text = command.Arguments[i].Reveal();
            if (text.AsSpan().IndexOfAny("\"%\r\n") >= 0)
            {
                throw new KamalException(
                    KamalErrorId.LocalCommandFailed,
                    $"`{command.Display}` cannot be run: {Path.GetFileName(path)} is a batch file, and argument {i + 1} contains a " +
                    "quote, a percent sign or a line break, which cannot be passed to a batch file.")
                {
                    Recommendation =
                        $"Install {Path.GetFileNameWithoutExtension(path)} as an .exe file, and put it before the batch file in PATH.",
                };
            }

            // The program behind the batch file would read a backslash before the closing quote as an escape.
            line.Append(" \"").Append(text).Append('\\', text.Length - text.AsSpan().TrimEnd('\\').Length).Append('"');
        }

        return line.Append('"').ToString();
    }
}
