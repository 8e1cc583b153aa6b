using Kamal.Engine.CommandLine;
using Xunit;

namespace Kamal.Engine.Tests.CommandLine;

public sealed class KamalCommandLineTests
{
    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["console"] = "app exec -i --reuse 'bin/rails console'",
        ["st"] = "app details",
        ["workers"] = "st -r workers",
        ["con"] = "app containers",
        ["deploy"] = "app stop",
        ["a"] = "b -q",
        ["b"] = "a",
        ["me"] = "me",
    };

    [Theory]
    [InlineData("")]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("app", "app")]
    [InlineData("help app", "app")]
    [InlineData("app --help", "app")]
    [InlineData("app help", "app")]
    [InlineData("app help exec", "app exec")]
    [InlineData("proxy boot_config", "proxy boot_config")]
    [InlineData("help app exec", "app exec")]
    [InlineData("app exec --help", "app exec")]
    [InlineData("app exec -h", "app exec")]
    [InlineData("app exec ls -l --help", "app exec")]
    [InlineData("app exec --reuse --help ls", "app exec")]
    [InlineData("app ex --help", "app ex")]
    [InlineData("deploy -d staging --help", "deploy")]
    [InlineData("deploy -P -h", "deploy")]
    [InlineData("rollback --help", "rollback")]
    [InlineData("console --help", "app exec")]
    [InlineData("help console", "app exec")]
    public void Help_is_asked_for(string line, string words = "")
    {
        var read = Read(line);
        Assert.Null(read.Command);
        Assert.Equal(words, string.Join(' ', read.HelpWords));
    }

    [Theory]
    [InlineData("--version", "version")]
    [InlineData("-v", "version")]
    [InlineData("version", "version")]
    [InlineData("deploy -h 192.0.2.1", "deploy")]
    [InlineData("app exec -- ls --help", "app exec")]
    [InlineData("app exec -- ls -h", "app exec")]
    [InlineData("app exec help", "app exec")]
    [InlineData("docs help", "docs")]
    public void Help_is_not_asked_for(string line, string path) => Assert.Equal(path, Read(line).Command!.Command.Path);

    [Theory]
    [InlineData("console", "app exec")]
    [InlineData("st -d staging", "app details")]
    [InlineData("workers -q", "app details")]
    [InlineData("con", "app containers")]
    [InlineData("conf", "config")]
    [InlineData("deploy", "deploy")]
    public void An_alias_stands_for_its_text(string line, string path) => Assert.Equal(path, Read(line).Command!.Command.Path);

    [Fact]
    public void An_alias_of_an_alias_keeps_the_options_of_both()
    {
        var line = Read("workers -d staging").Command!;
        Assert.Equal(["workers"], (string[])line.Options["roles"]);
        Assert.Equal("staging", line.Text("destination"));
    }

    [Theory]
    [InlineData("a", "The alias 'a' does not resolve to a command: a → b → a.")]
    [InlineData("me -q", "The alias 'me' does not resolve to a command: me → me.")]
    public void An_alias_of_itself_is_an_error(string line, string message)
    {
        var error = Assert.Throws<KamalException>(() => Read(line));
        Assert.Equal(KamalErrorId.ConfigurationInvalid, error.Id);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void A_long_chain_of_aliases_ends()
    {
        var error = Assert.Throws<KamalException>(() => KamalCommandLine.Read(["x0"], (name, _) => name + "1"));
        Assert.Equal(KamalErrorId.ConfigurationInvalid, error.Id);
    }

    [Fact]
    public void Aliases_are_looked_up_in_the_file_that_the_line_names()
    {
        var asked = "";
        KamalCommandLine.Read(["st", "-c", "other.yml", "-d", "staging"], (name, options) =>
        {
            asked = $"{name} {options["config-file"]} {options["destination"]}";
            return "app details";
        });
        Assert.Equal("st other.yml staging", asked);
    }

    [Fact]
    public void Options_before_the_command_are_an_error() =>
        Assert.Contains(
            "The option '-d' must follow the command.", Assert.Throws<KamalException>(() => Read("-d staging deploy")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Every_command_has_help()
    {
        Assert.Equal(Grammar.Commands.Length, Grammar.Commands.Select(command => command.Path).Distinct().Count());
        Assert.All(Grammar.Commands, command =>
        {
            Assert.NotEmpty(command.Help);
            var help = HelpText.For(command.Words, _ => "Some-Cmdlet");
            Assert.StartsWith($"Usage: kamal {command.Path}", help, StringComparison.Ordinal);
            Assert.All(
                Grammar.GlobalOptions.Concat(command.Options),
                option => Assert.Contains("--" + option.Name, help, StringComparison.Ordinal));
            var options = Grammar.GlobalOptions.Concat(command.Options).ToList();
            Assert.Distinct(options.Select(option => option.Name));
            Assert.Distinct(options.Where(option => option.Letter is not null).Select(option => option.Letter));
        });
    }

    [Fact]
    public void Help_of_a_group_lists_its_commands_without_hidden_ones()
    {
        var help = HelpText.For(["app"]);
        Assert.Contains("kamal app exec CMD…", help, StringComparison.Ordinal);
        Assert.DoesNotContain("remove_images", help, StringComparison.Ordinal);
        Assert.DoesNotContain("kamal deploy", help, StringComparison.Ordinal);
    }

    private static KamalCommandLine Read(string line) =>
        KamalCommandLine.Read(line.Length == 0 ? [] : line.Split(' '), (name, _) => Aliases.GetValueOrDefault(name));
}
