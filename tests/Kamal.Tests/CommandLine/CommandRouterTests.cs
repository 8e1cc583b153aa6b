using System.Collections;
using Kamal.CommandLine;
using Kamal.Engine;

namespace Kamal.Tests.CommandLine;

public sealed class CommandRouterTests
{
    [Fact]
    public void Options_become_parameters()
    {
        var invocation = Route("deploy -P -d staging --version=v1.10 -h 192.0.2.1,192.0.2.* -r web --no-cache -H");
        Assert.Equal("Invoke-KamalDeploy", invocation.Command.Cmdlet);
        Assert.Equal(true, invocation.Parameters["SkipPush"]);
        Assert.Equal(true, invocation.Parameters["NoCache"]);
        Assert.Equal(true, invocation.Parameters["SkipHooks"]);
        Assert.Equal("staging", invocation.Parameters["Destination"]);
        Assert.Equal("v1.10", invocation.Parameters["Version"]);
        Assert.Equal(["192.0.2.1", "192.0.2.*"], (string[])invocation.Parameters["HostName"]);
        Assert.Equal(["web"], (string[])invocation.Parameters["Role"]);
    }

    [Theory]
    [InlineData("app lo -n 5", "app logs")]
    [InlineData("app stale-containers", "app stale_containers")]
    [InlineData("acc d db", "accessory details")]
    [InlineData("proxy boot_config set", "proxy boot_config set")]
    [InlineData("ver", "version")]
    public void Commands_may_be_shortened(string line, string path) =>
        Assert.Equal(path.StartsWith("accessory d", StringComparison.Ordinal) ? null : path, TryRoute(line)?.Command.Path);

    [Fact]
    public void Letters_go_together_and_case_counts()
    {
        var invocation = Route("deploy -Pp");
        Assert.Equal(true, invocation.Parameters["SkipPush"]);
        Assert.Equal(true, invocation.Parameters["Primary"]);
        Assert.False(Route("deploy -p").Parameters.ContainsKey("SkipPush"));
    }

    [Theory]
    [InlineData("app exec --reuse ls -l /", "ls -l /")]
    [InlineData("app exec ls -d staging /tmp", "ls /tmp")]
    [InlineData("app exec -- ls -d staging", "ls -d staging")]
    [InlineData("app exec -e A:1 B:2 ls", "ls")]
    [InlineData("server exec echo --unknown-option x", "echo --unknown-option x")]
    public void Unknown_options_stay_words_of_a_command(string line, string words) =>
        Assert.Equal(words, string.Join(' ', (string[])Route(line).Parameters["Command"]));

    [Fact]
    public void Pairs_become_a_hashtable()
    {
        var env = (Hashtable)Route("app exec -e FOO:bar URL:http://x/ -e C:3 -- ls").Parameters["Env"];
        Assert.Equal("bar", env["FOO"]);
        Assert.Equal("http://x/", env["URL"]);
        Assert.Equal("3", env["C"]);
    }

    [Fact]
    public void A_value_may_begin_like_an_option()
    {
        var invocation = CommandRouter.Route(["app", "logs", "--grep-options", "-i -C 2", "-T"]);
        Assert.Equal("-i -C 2", invocation.Parameters["GrepOptions"]);
        Assert.Equal(true, invocation.Parameters["SkipTimestamps"]);
        Assert.Throws<KamalException>(() => CommandRouter.Route(["app", "logs", "--grep", "-T"]));
    }

    [Fact]
    public void Options_repeat_and_flags_can_be_denied()
    {
        var invocation = Route("proxy boot_config set --publish false --publish-host-ip 127.0.0.1 --publish-host-ip ::1 --docker-options label=a=b add-host=x:1 --log-max-size=");
        Assert.Equal(false, invocation.Parameters["Publish"]);
        Assert.Equal(["127.0.0.1", "::1"], (string[])invocation.Parameters["PublishHostIp"]);
        Assert.Equal(["label=a=b", "add-host=x:1"], (string[])invocation.Parameters["DockerOptions"]);
        Assert.Equal("", invocation.Parameters["LogMaxSize"]);
        Assert.Equal(false, Route("proxy boot_config set --no-publish").Parameters["Publish"]);
        Assert.Equal(8080, Route("proxy boot_config set --http_port 8080").Parameters["HttpPort"]);
    }

    [Fact]
    public void Where_Kamal_asks_the_cmdlet_asks()
    {
        Assert.Equal(true, Route("remove").Parameters["Confirm"]);
        Assert.Equal(false, Route("remove -y").Parameters["Confirm"]);
        Assert.Equal(false, Route("app remove").Parameters["Confirm"]);
        Assert.Equal(true, Route("remove -WhatIf").Parameters["WhatIf"]);
    }

    [Theory]
    [InlineData("rollback", "needs VERSION")]
    [InlineData("deploy now", "does not know 'now'")]
    [InlineData("deploy --frob", "does not know '--frob'")]
    [InlineData("deploy -d", "needs a value")]
    [InlineData("app logs -n many", "takes a number, not 'many'")]
    [InlineData("re", "could mean")]
    [InlineData("app frob", "comes one of boot, start")]
    [InlineData("app", "comes one of boot, start")]
    [InlineData("frob", "no command or alias 'frob'")]
    public void Mistakes_are_told(string line, string message)
    {
        var error = Assert.Throws<KamalException>(() => Route(line));
        Assert.Equal(KamalErrorId.ArgumentInvalid, error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_has_a_cmdlet_and_help()
    {
        Assert.Equal(Grammar.Commands.Length, Grammar.Commands.Select(command => command.Path).Distinct().Count());
        Assert.All(Grammar.Commands, command =>
        {
            Assert.NotEmpty(command.Help);
            Assert.Contains(command.Path, HelpText.For(command.Path.Split(' ')), StringComparison.Ordinal);
            Assert.DoesNotContain(command.Options, option => option is null);
        });
    }

    [Fact]
    public void An_alias_is_split_like_a_shell_does() =>
        Assert.Equal(["app", "exec", "echo \"a b\"", "x y", "$HOME", ""], ShellWords.Split("""app exec 'echo "a b"' "x y" \$HOME '' """));

    private static Invocation Route(string line) => CommandRouter.Route(line.Split(' '));

    private static Invocation? TryRoute(string line)
    {
        try
        {
            return Route(line);
        }
        catch (KamalException)
        {
            return null;
        }
    }
}
