using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

public sealed class OperatorVariablesTests
{
    [Theory]
    [InlineData("HOME", true, @"C:\Users\ada")]
    [InlineData("USER", true, "ada")]
    [InlineData("HOME", false, null)]
    [InlineData("USER", false, null)]
    [InlineData("LANG", true, "de")]
    public void OnWindowsHomeAndUserAreSet(string name, bool isWindows, string? expected) =>
        Assert.Equal(expected, OperatorVariables.Read(name, isWindows, Windows));

    [Fact]
    public void AHomeThatIsSetCounts() =>
        Assert.Equal("H:", OperatorVariables.Read("HOME", true, name => name == "HOME" ? "H:" : Windows(name)));

    private static string? Windows(string name) =>
        name switch { "USERPROFILE" => @"C:\Users\ada", "USERNAME" => "ada", "LANG" => "de", _ => null };
}
