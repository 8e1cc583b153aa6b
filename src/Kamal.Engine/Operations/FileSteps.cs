using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Steps that write files on a host. The content travels in the script's standard input.</summary>
internal static class FileSteps
{
    /// <summary>
    /// Writes a file whole or not at all: under a temporary name that only the owner can read, and then renamed. An
    /// existing file that was readable by others is replaced by one that is not.
    /// </summary>
    /// <param name="name">What the step does.</param>
    /// <param name="path">The file; its directory is made.</param>
    /// <param name="mode">Its mode, as <c>0600</c>.</param>
    /// <param name="content">Its content.</param>
    /// <param name="afterwards">What is done to the temporary file before it takes its place, as a change of owner.</param>
    public static Step Write(string name, string path, string mode, StepInput content, Func<string, ShellCommand>? afterwards = null)
    {
        var temporary = path + ".kamal-new";
        var directory = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : ".";
        var command = ShellCommand.Of("mkdir", "-p", directory.Length == 0 ? "/" : directory)
            .And(ShellCommand.Raw("umask 077"))
            .And(ShellCommand.Of("cat").RedirectTo(temporary))
            .And(ShellCommand.Of("chmod", mode, temporary));
        if (afterwards is not null) command = command.And(afterwards(temporary));
        return new(name, command.And(ShellCommand.Of("mv", "-f", temporary, path))) { Input = content };
    }
}
