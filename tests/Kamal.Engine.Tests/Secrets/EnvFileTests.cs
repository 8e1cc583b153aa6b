using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Secrets;

public sealed class EnvFileTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a b'c\"d", "a b'c\"d")]
    [InlineData("one\ntwo\r\n", "one\\ntwo\\r\\n")]
    [InlineData("tab\tbell\abs\bff\fvt\vesc\e", "tab\\tbell\\abs\\bff\\fvt\\vesc\\e")]
    [InlineData("nul\0del\x7f", "nul\\x00del\\x7F")]
    [InlineData("back\\slash\\", "back\\\\slash\\\\")]
    [InlineData("\\\"", "\\\\\"")]
    [InlineData("a#b #{c} #$d #@e", "a#b #{c} #$d #@e")]
    [InlineData("\\#", "\\#")]
    [InlineData("\\\\#", "\\\\\\#")]
    [InlineData("\\#{x}", "\\\\#{x}")]
    [InlineData("ü€😀#\u0085", "ü€😀#\u0085")]
    [InlineData("$HOME ${HOME} `x`", "$HOME ${HOME} `x`")]
    public void A_value_is_written_as_kamal_writes_it(string value, string expected) =>
        Assert.Equal($"KEY={expected}\nNEXT=x\n", EnvFile.Render([new("KEY", new(value)), new("NEXT", new("x"))]));

    [Fact]
    public void Without_variables_the_file_is_one_newline() => Assert.Equal("\n", EnvFile.Render([]));
}
