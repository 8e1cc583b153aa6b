using Kamal.Engine.Local;

namespace Kamal.Engine.Templates;

/// <summary>A command line that a user wrote for the platform's shell.</summary>
internal static class ShellLine
{
    private const string Variable = "KAMAL_TEMPLATE_COMMAND";

    /// <summary>The command that hands it to <c>sh</c>, or to <c>cmd</c> on Windows.</summary>
    /// <remarks>cmd reads its own command line by other rules than programs do, so there it comes through a variable.</remarks>
    public static LocalCommand Of(string line) => OperatingSystem.IsWindows()
        ? LocalCommand.Of("cmd.exe", "/d", "/c", $"%{Variable}%").WithVariable(Variable, line)
        : LocalCommand.Of("sh", "-c", line);
}
