using System.Text;

namespace Kamal.Engine.Local;

/// <summary>The command line that runs a Windows batch file, as package managers install <c>bw.cmd</c> and <c>gcloud.cmd</c>.</summary>
/// <remarks>cmd.exe parses the line again, by rules of its own, so arguments that cannot be quoted for it are refused.</remarks>
internal static class BatchFileLine
{
    /// <summary>Whether a program is a batch file, which Windows cannot start without cmd.exe.</summary>
    public static bool IsBatchFile(string path) =>
        path.EndsWith(".cmd", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".bat", StringComparison.OrdinalIgnoreCase);

    /// <summary>The arguments for cmd.exe.</summary>
    /// <param name="command">The command that runs it.</param>
    /// <exception cref="KamalException">An argument holds a character that cmd.exe would act on inside quotes.</exception>
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
                    $"`{command.Display}` cannot be run: {Path.GetFileName(path)} is a batch file, and its argument {i + 1} holds a quote, a percent sign or a line break, which no batch file receives intact.")
                {
                    Recommendation = $"Install {Path.GetFileNameWithoutExtension(path)} as an .exe, or put one before the batch file in PATH.",
                };
            }

            // A backslash before the closing quote would be read as an escape by the program behind the batch file.
            line.Append(" \"").Append(text).Append('\\', text.Length - text.AsSpan().TrimEnd('\\').Length).Append('"');
        }

        return line.Append('"').ToString();
    }
}
