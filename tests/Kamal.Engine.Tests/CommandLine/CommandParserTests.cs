using Kamal.Engine.CommandLine;
using Xunit;

namespace Kamal.Engine.Tests.CommandLine;

public sealed class CommandParserTests
{
    [Fact]
    public void Options_have_values_by_name()
    {
        var line = Parse("deploy -P -d staging --version=v1.10 -h 192.0.2.1,192.0.2.* -r web --no-cache -H");
        Assert.Equal("deploy", line.Command.Path);
        Assert.True(line.Has("skip-push") && line.Has("no-cache") && line.Has("skip-hooks"));
        Assert.Equal("staging", line.Text("destination"));
        Assert.Equal("v1.10", line.Text("version"));
        Assert.Equal(["192.0.2.1", "192.0.2.*"], (string[])line.Options["hosts"]);
        Assert.Equal(["web"], (string[])line.Options["roles"]);
    }

    [Theory]
    [InlineData("app lo -n 5", "app logs")]
    [InlineData("app stale-containers", "app stale_containers")]
    [InlineData("acc det db", "accessory details")]
    [InlineData("proxy boot_config set", "proxy boot_config set")]
    [InlineData("proxy boot", "proxy boot")]
    [InlineData("ver", "version")]
    public void Words_of_commands_may_be_shortened(string line, string path) => Assert.Equal(path, Parse(line).Command.Path);

    [Fact]
    public void Letters_go_together_and_case_counts()
    {
        Assert.True(Parse("deploy -Pp").Has("skip-push"));
        Assert.True(Parse("deploy -Pp").Has("primary"));
        Assert.False(Parse("deploy -p").Has("skip-push"));
    }

    [Theory]
    [InlineData("app exec --reuse ls -l /", "ls -l /")]
    [InlineData("app exec ls -d staging /tmp", "ls /tmp")]
    [InlineData("app exec -- ls -d staging", "ls -d staging")]
    [InlineData("app exec -e A:1 B:2 ls", "ls")]
    [InlineData("server exec echo --unknown-option x", "echo --unknown-option x")]
    public void Options_of_a_command_to_run_stay_its_words(string line, string words) =>
        Assert.Equal(words, string.Join(' ', Parse(line).Arguments["CMD"]));

    [Fact]
    public void An_empty_word_is_a_word()
    {
        Assert.Equal(["printf", "", "x"], CommandParser.Parse(["server", "exec", "printf", "", "x"]).Arguments["CMD"]);
        Assert.Equal("", CommandParser.Parse(["lock", "acquire", "-m", ""]).Text("message"));
    }

    [Fact]
    public void Pairs_are_told_from_the_words_after_them() =>
        Assert.Equal(["FOO:bar", "URL:http://x/", "C:3"], (string[])Parse("app exec -e FOO:bar URL:http://x/ -e C:3 -- ls").Options["env"]);

    [Fact]
    public void A_value_may_begin_like_an_option()
    {
        var line = CommandParser.Parse(["app", "logs", "--grep-options", "-i -C 2", "-T"]);
        Assert.Equal("-i -C 2", line.Text("grep-options"));
        Assert.True(line.Has("skip-timestamps"));
        Assert.Throws<KamalException>(() => CommandParser.Parse(["app", "logs", "--grep", "-T"]));
    }

    [Fact]
    public void Options_repeat_and_flags_can_be_denied()
    {
        var line = Parse(
            "proxy boot_config set --publish false --publish-host-ip 127.0.0.1 --publish-host-ip ::1 --docker-options label=a=b " +
            "add-host=x:1 --log-max-size=");
        Assert.Equal(false, line.Options["publish"]);
        Assert.Equal(["127.0.0.1", "::1"], (string[])line.Options["publish-host-ip"]);
        Assert.Equal(["label=a=b", "add-host=x:1"], (string[])line.Options["docker-options"]);
        Assert.Equal("", line.Text("log-max-size"));
        Assert.Equal(false, Parse("proxy boot_config set --no-publish").Options["publish"]);
        Assert.Equal(8080, Parse("proxy boot_config set --http_port 8080").Options["http-port"]);
    }

    [Theory]
    [InlineData("rollback", "'kamal rollback' needs VERSION.")]
    [InlineData("app exec", "'kamal app exec' needs CMD.")]
    [InlineData("lock acquire", "'kamal lock acquire' needs --message.")]
    [InlineData("deploy now", "'kamal deploy' does not take 'now'.")]
    [InlineData("deploy --frob", "'kamal deploy' has no option --frob.")]
    [InlineData("deploy --skip-psh", "'kamal deploy' has no option --skip-psh. Did you mean --skip-push?")]
    [InlineData("deploy --destinatoin=x", "'kamal deploy' has no option --destinatoin. Did you mean --destination?")]
    [InlineData("deploy -d", "-d (--destination) needs a value.")]
    [InlineData("app logs -n many", "-n (--lines) takes a number, not 'many'.")]
    [InlineData("deploy --on-host-failure retry", "--on-host-failure takes stop, continue or rollback, not 'retry'.")]
    [InlineData("re", "'kamal re' is ambiguous: it could mean redeploy, remove, registry.")]
    [InlineData("app frob", "'kamal app frob' is not a command.")]
    [InlineData("app lgos", "'kamal app lgos' is not a command. Did you mean 'kamal app logs'?")]
    [InlineData("depoly", "'kamal depoly' is not a command or an alias. Did you mean 'kamal deploy'?")]
    [InlineData("status", "'kamal status' is not a command. The cmdlet Get-KamalStatus does this.")]
    [InlineData("frob", "'kamal frob' is not a command or an alias.")]
    public void A_mistake_is_named(string line, string message)
    {
        var error = Assert.Throws<KamalException>(() => Parse(line));
        Assert.Equal(KamalErrorId.ArgumentInvalid, error.Id);
        Assert.Equal(message, error.Message);
        Assert.NotNull(error.Recommendation);
    }

    [Fact]
    public void No_error_shows_what_may_be_a_secret()
    {
        foreach (
            var words in new[]
            {
                "secrets extract A hunter2 hunter2",
                "secrets extract A -hunter2 -hunter2",
                "secrets extract A --hunter2=hunter2 --hunter2",
            })
        {
            Assert.DoesNotContain("hunter2", Assert.Throws<KamalException>(() => Parse(words)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_alias_is_split_as_a_shell_does() =>
        Assert.Equal(["app", "exec", "echo \"a b\"", "x y", "$HOME", ""], ShellWords.Split("""app exec 'echo "a b"' "x y" \$HOME '' """));

    private static ParsedCommand Parse(string line) => CommandParser.Parse(line.Split(' '));
}
