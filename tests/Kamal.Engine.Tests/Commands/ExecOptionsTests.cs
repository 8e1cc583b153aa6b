using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ExecOptionsTests
{
    [Theory]
    [InlineData(false, false, null)]
    [InlineData(false, true, null)]
    [InlineData(true, false, "-i")]
    [InlineData(true, true, "-it")]
    public void An_interactive_command_gets_the_operators_terminal(bool interactive, bool terminal, string? expected) =>
        Assert.Equal(expected, new ExecOptions("x") { Interactive = interactive, HasTerminal = terminal }.TerminalOption);

    [Fact]
    public void What_contradicts_itself_is_refused()
    {
        new ExecOptions("x") { Reuse = true, Raw = true }.Validate();
        Assert.All(
            (ExecOptions[])
            [
                new(" "), new("x") { Detach = true, Interactive = true }, new("x") { Detach = true, Reuse = true },
                new("x") { Detach = true, Raw = true },
            ],
            options => Assert.Equal(KamalErrorId.ArgumentInvalid, Assert.Throws<KamalException>(options.Validate).Id));
    }
}
