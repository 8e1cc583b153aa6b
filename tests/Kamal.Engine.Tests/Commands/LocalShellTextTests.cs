using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class LocalShellTextTests
{
    private readonly LocalShellText _text = new(name => name == "A" ? "x" : name == "_B1" ? "y" : null);

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("$A/${A}/$_B1-", "x/x/y-")]
    [InlineData("$A$A", "xx")]
    [InlineData("$NONE.", ".")]
    [InlineData("100$", "100$")]
    [InlineData("$ 1 $1 ${ ${1} ${A", "$ 1 $1 ${ ${1} ${A")]
    public void Variables_are_put_in_place(string text, string expected) => Assert.Equal(expected, _text.Expand(text));

    [Theory]
    [InlineData("$A ${A}", "$A x")]
    [InlineData("a\"b\\c`d", "a\"b\\c`d")]
    [InlineData("a\nb\tc\e\u0001", "a\\nb\\tc\\e\\x01")]
    [InlineData("grüße", "grüße")]
    public void Values_are_as_Kamal_passes_them(string text, string expected) => Assert.Equal(expected, _text.Value(text));
}
