using Kamal.Engine.Local;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Templates;

/// <summary>Hands a command of a template to the platform's shell, the same one that secrets files use.</summary>
internal static class TemplateShell
{
    private const string Variable = "KAMAL_TEMPLATE_COMMAND";

    /// <summary>The process that runs it: <c>sh</c>; on Windows without one, PowerShell, which gets the text through a variable so that
    /// nothing quotes it.</summary>
    /// <param name="line">The command.</param>
    /// <param name="environment">Reads environment variables.</param>
    public static LocalCommand Run(string line, Func<string, string?> environment)
    {
        var shell = ShellLine.OfPlatform(environment).Name;
        return shell == "sh"
            ? LocalCommand.Of(shell, "-c", line)
            : PowerShellProgram.RunText(shell, Variable, line);
    }
}
