using Kamal.Ssh.Authentication;
using Xunit;

namespace Kamal.Ssh.Tests.Authentication;

[Trait("Category", "Linux")]
public sealed class KeyFileModeTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-ssh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Owner, null)]
    [InlineData(UnixFileMode.UserRead, null)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, "0440")]
    [InlineData(Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead, "0644")]
    public void TheModeOfAPrivateKeyThatOthersMayReadIsNamed(UnixFileMode mode, string? expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var file = Path.Combine(_folder, "key");
        File.WriteAllText(file, "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, mode);
        Assert.Equal(expected, KeyFileMode.OpenToOthers(file));
    }

    [Fact]
    public void AFileThatIsNotThereHasNone() => Assert.Null(KeyFileMode.OpenToOthers(Path.Combine(_folder, "missing")));

    [Theory]
    [InlineData("me", "me", null)]
    [InlineData("S-1-5-32-544", "me,S-1-5-18,S-1-5-32-544", null)]
    [InlineData("me", "me,S-1-5-18,S-1-5-32-545", "Users can read it (unprotected private key file); run: "
        + @"icacls 'C:\key' /inheritance:r /remove '*S-1-5-32-545' /grant:r '*me:F'")]
    [InlineData("S-1-5-21-7", "me", @"it belongs to Jane (unprotected private key file); run: takeown /F 'C:\key'")]
    [InlineData("S-1-5-21-7", "S-1-5-21-7", @"it belongs to Jane (unprotected private key file); run: takeown /F 'C:\key'")]
    public void TheAccountThatMayReadAPrivateKeyOnWindowsIsNamed(string owner, string allowed, string? expected)
    {
        var trouble = KeyFileMode.Trouble(
            @"C:\key", new("me", owner, allowed.Split(',')), sid => sid == "S-1-5-32-545" ? "Users" : sid == "S-1-5-21-7" ? "Jane" : sid);
        Assert.Equal(expected, trouble);
    }
}
