using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ShellTextTests
{
    [Fact]
    public void Shell_text_of_ours_quotes_what_stands_in_its_holes()
    {
        var hostile = "x$(id)";
        Assert.Equal(
            "s=$(echo 'x$(id)'); [ \"$s\" = 'x$(id)' ]",
            ShellCommand.Raw($"s=$({ShellCommand.Of("echo", hostile)}); [ \"$s\" = {hostile} ]").Text);
        Assert.Equal("a [REDACTED]", ShellWord.Raw($"a {ShellWord.Redacted("pw")}").Display);
        Assert.Throws<InvalidOperationException>(() => ShellWord.Raw($"echo \"{hostile}\""));
        Assert.Throws<InvalidOperationException>(() => ShellWord.Raw($"echo '{hostile}'"));
    }
}
