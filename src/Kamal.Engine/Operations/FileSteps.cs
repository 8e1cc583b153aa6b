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

    /// <summary>
    /// Writes a file that a running container may have mounted by itself: such a mount follows the file, not its name, so an
    /// existing file is filled anew in its place.
    /// </summary>
    /// <param name="name">What the step does.</param>
    /// <param name="path">The file; its directory is made.</param>
    /// <param name="mode">Its mode, as <c>0755</c>.</param>
    /// <param name="owner">Its owner, or null for whom the login is.</param>
    /// <param name="content">Its content.</param>
    public static Step WriteInPlace(string name, string path, string mode, string? owner, StepInput content)
    {
        var temporary = path + ".kamal-new";
        var command = ShellCommand.Of("mkdir", "-p", path[..Math.Max(1, path.LastIndexOf('/'))])
            .And(ShellCommand.Raw("umask 077"))
            .And(ShellCommand.Of("cat").RedirectTo(temporary))
            .And(ShellCommand.Of("cat", temporary).RedirectTo(path))
            .And(ShellCommand.Of("rm", "-f", temporary))
            .And(ShellCommand.Of("chmod", mode, path));
        if (owner is not null) command = command.And(ShellCommand.Of("chown", owner, path));
        return new(name, command) { Input = content };
    }
}
