using System.Diagnostics;
using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

[Trait("Category", "Linux")]
public sealed class OwnDirectoryTests : IDisposable
{
    private const UnixFileMode Owners = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = Owners | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-own-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Is_closed_to_others_even_if_it_was_open()
    {
        Open(
            Directory.CreateDirectory(Path.Combine(_folder, "old")).FullName,
            Everybody & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        Assert.Equal(Path.Combine(_folder, "old", "new"), OwnDirectory.Make(_folder, "old", "new"));
        Assert.All(["old", "old/new"], name => Assert.Equal(Owners, Mode(Path.Combine(_folder, name))));
    }

    [Theory]
    [InlineData(Everybody)]
    [InlineData(Owners | UnixFileMode.OtherWrite)]
    public void A_parent_that_others_may_write_to_is_refused(UnixFileMode mode)
    {
        var parent = Directory.CreateDirectory(Path.Combine(_folder, "parent", "child")).Parent!.FullName;
        Open(parent, mode);
        Assert.Contains(
            $"other accounts can write to {parent}",
            Assert.Throws<IOException>(() => OwnDirectory.Make(Path.Combine(parent, "child"), "x")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "other accounts can write", Assert.Throws<IOException>(() => OwnDirectory.Make(parent, "child")).Message,
            StringComparison.Ordinal);
        // In a sticky one, as /tmp, nobody renames what is another's.
        Open(parent, mode | UnixFileMode.StickyBit);
        Assert.Equal(Path.Combine(parent, "child", "x"), OwnDirectory.Make(Path.Combine(parent, "child"), "x"));
    }

    [Theory]
    [InlineData("child")]
    [InlineData(".")]
    public void What_belongs_to_another_account_is_refused(string whose)
    {
        var child = Directory.CreateDirectory(Path.Combine(_folder, "parent", "child")).FullName;
        using (var chown = Process.Start("chown", ["65534", Path.Combine(_folder, "parent", whose)])) chown.WaitForExit();
        Assert.Contains(
            "belongs to another account",
            Assert.Throws<IOException>(() => OwnDirectory.Make(Path.Combine(_folder, "parent"), "child")).Message,
            StringComparison.Ordinal);
        Assert.True(Directory.Exists(child));
    }

    [Fact]
    public void A_link_is_followed_once_and_never_stands_in_the_path()
    {
        var real = Directory.CreateDirectory(Path.Combine(_folder, "real")).FullName;
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "real");
        Assert.Equal(Path.Combine(real, "x"), OwnDirectory.Make(Path.Combine(_folder, "link"), "x"));
        File.CreateSymbolicLink(Path.Combine(real, "swapped"), _folder);
        Assert.Contains(
            "is not a directory", Assert.Throws<IOException>(() => OwnDirectory.Make(real, "swapped")).Message,
            StringComparison.Ordinal);
    }

    private static void Open(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? Owners : File.GetUnixFileMode(path);
}
