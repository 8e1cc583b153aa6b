using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class UserCommandLineTests
{
    [Theory]
    [InlineData("sh|-c|exit 7", "sh -c 'exit 7'")]
    [InlineData("printf|%s|", "printf %s ''")]
    [InlineData("echo|it's|\"$HOME\"", "echo 'it'\\''s' '\"$HOME\"'")]
    [InlineData("echo| x ", "echo ' x '")]
    public void Several_words_are_arguments(string words, string line) => Assert.Equal(line, UserCommandLine.OfArguments(words.Split('|')));

    [Fact]
    public void One_word_is_a_line_for_the_shell() => Assert.Equal("ls -l | wc -l", UserCommandLine.OfArguments([" ls -l | wc -l"]));

    [Theory]
    [InlineData("sh|-c|exit 7", "sh -c exit 7")]
    [InlineData("printf|%s|", "printf %s ")]
    public void Kamal_joins_words_for_the_shell_to_split(string words, string line) =>
        Assert.Equal(line, UserCommandLine.OfKamal(words.Split('|')));

    [Theory]
    [InlineData("ls|-l|/tmp", null)]
    [InlineData("echo \"a b\"", null)]
    [InlineData("maint|We are up",
        """The host's shell reads: maint We are up. To pass 'We are up' as one argument, quote it for that shell too: "'We are up'" """)]
    [InlineData("printf|%s|", """The host's shell reads: printf %s . To pass '' as one argument, quote it for that shell too: "''" """)]
    [InlineData("echo|it's", "The host's shell reads: echo it's")]
    public void A_word_that_will_not_arrive_as_it_is_gets_a_warning(string words, string? warning) =>
        Assert.Equal(warning?.TrimEnd(), UserCommandLine.Warning(words.Split('|')));

    [Fact]
    public void No_argument_holds_a_NUL_character() =>
        Assert.Equal(KamalErrorId.ArgumentInvalid, Assert.Throws<KamalException>(() => UserCommandLine.OfArguments(["echo", "a\0b"])).Id);
}
