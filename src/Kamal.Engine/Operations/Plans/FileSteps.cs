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
        var write = ShellCommand.Of("cat").RedirectTo(temporary).And(ShellCommand.Of("chmod", mode, temporary));
        if (afterwards is not null) write = write.And(afterwards(temporary));
        return new(name, Begin(directory.Length == 0 ? "/" : directory, temporary)
            .And(OrUndo(write.And(ShellCommand.Of("mv", "-f", temporary, path)), temporary)))
        {
            Input = content,
        };
    }

    /// <summary>
    /// Writes a file that a running container may have mounted by itself: such a mount follows the file, not its name, so an
    /// existing file is overwritten in place.
    /// </summary>
    /// <param name="name">What the step does.</param>
    /// <param name="path">The file; its directory is made.</param>
    /// <param name="mode">Its mode, as <c>0755</c>.</param>
    /// <param name="owner">Its owner, or null for whom the login is.</param>
    /// <param name="content">Its content.</param>
    public static Step WriteInPlace(string name, string path, string mode, string? owner, StepInput content)
    {
        var temporary = path + ".kamal-new";
        // Only what has arrived whole takes the place of what is there.
        var write = OrUndo(ShellCommand.Of("cat").RedirectTo(temporary).And(ShellCommand.Of("cat", temporary).RedirectTo(path)), temporary);
        var command = Begin(path[..Math.Max(1, path.LastIndexOf('/'))], temporary).And(write)
            .And(ShellCommand.Of("rm", "-f", temporary))
            .And(ShellCommand.Of("chmod", mode, path));
        if (owner is not null) command = command.And(ShellCommand.Of("chown", owner, path));
        return new(name, command) { Input = content };
    }

    /// <summary>Makes the directory, and sees to it that a script which is stopped leaves no temporary file.</summary>
    private static ShellCommand Begin(string directory, string temporary) =>
        ShellCommand.Of("mkdir", "-p", directory)
            .And(ShellCommand.Raw("umask 077"))
            .And(ShellCommand.Of("trap", ShellWord.Quoted(ShellCommand.Of("rm", "-f", temporary)
                .Then(ShellCommand.Of("exit", "143"))), "HUP", "INT", "TERM"));

    /// <summary>A command that leaves no temporary file when it fails, as on a full disk.</summary>
    private static ShellCommand OrUndo(ShellCommand write, string temporary) =>
        write.Or(ShellCommand.Of("rm", "-f", temporary).Then(ShellCommand.Of("exit", "1")).Group()).Group();
}
