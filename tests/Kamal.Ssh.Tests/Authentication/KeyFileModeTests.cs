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
}
