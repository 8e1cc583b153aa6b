using Kamal.Engine.Hosts;
using Xunit;

namespace Kamal.Engine.Tests.Support;

/// <summary>A host that is a folder of this machine: steps run on a real shell in it, with programs of the test's own before the real ones.</summary>
internal sealed class FolderHost : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-host").FullName;

    public FolderHost()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no POSIX shell here.");
        Directory.CreateDirectory(PathOf("bin"));
    }

    /// <summary>A path on the host.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a file.</summary>
    public FolderHost Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return this;
    }

    /// <summary>Puts a program in the place of a real one; <c>$HOST</c> is the host's folder.</summary>
    public FolderHost Program(string name, string text)
    {
        Write("bin/" + name, $"#!/bin/sh\nHOST='{_folder}'\n{text}\n");
        return SetMode("bin/" + name, "755");
    }

    /// <summary>A file's text.</summary>
    public string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>Connects to it.</summary>
    public LocalShellConnection Connect() => new("/bin/sh", $"{PathOf("bin")}:/usr/sbin:/usr/bin:/sbin:/bin", _folder);

    /// <summary>A file's mode in octal.</summary>
    public string Mode(string name) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(PathOf(name)), 8);

    /// <summary>Sets a file's mode.</summary>
    public FolderHost SetMode(string name, string octal)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(PathOf(name), (UnixFileMode)Convert.ToInt32(octal, 8));
        return this;
    }

    /// <summary>The files and folders below one, without it, in order.</summary>
    public string Tree(string name) =>
        string.Join(' ', Directory.EnumerateFileSystemEntries(PathOf(name), "*", SearchOption.TopDirectoryOnly).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    /// <summary>Runs steps as one script.</summary>
    public async Task<ScriptResult> RunAsync(IEnumerable<Step> steps)
    {
        await using var connection = Connect();
        await using var session = new ScriptSession(connection);
        return await session.RunAsync(new HostScript("test", [.. steps]), new RecordingSink(), TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
