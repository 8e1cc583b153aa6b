using System.Diagnostics;
using CsCheck;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ShellWordTests
{
    [Theory]
    [InlineData("plain-1.2_x:y/z@a=b", "plain-1.2_x:y/z@a=b")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME `x` \\", "'$HOME `x` \\'")]
    public void A_literal_is_quoted_where_it_must_be(string value, string expected) =>
        Assert.Equal(expected, ShellWord.Literal(value).Text);

    [Theory]
    [InlineData("main$db", "\"main\\$db\"")]
    [InlineData("${HOME}", "\"${HOME}\"")]
    [InlineData("héllo ✓", "\"h\"é\"llo \"✓")]
    [InlineData("say \"hi\" `now` $(date)", "\"say \\\"hi\\\" \\`now\\` \\$(date)\"")]
    [InlineData("line1\nline2", "\"line1\\nline2\"")]
    public void A_value_is_quoted_as_Kamal_does(string value, string expected) =>
        Assert.Equal(expected, ShellWord.Value(value).Text);

    [Theory]
    [InlineData("data:/data", "data:/data")]
    [InlineData("~/data:/data", "~/data:/data")]
    [InlineData("$HOME/data:/data", "\"${HOME}\"/data:/data")]
    [InlineData("${HOME}/data:/data", "\"${HOME}\"/data:/data")]
    [InlineData("${DATA:-/srv}/x:/x", "\"${DATA:-/srv}\"/x:/x")]
    [InlineData("$(pwd)/x:/x", "\"${PWD}\"/x:/x")]
    [InlineData("`pwd`/x:/x", "\"${PWD}\"/x:/x")]
    [InlineData("/with blank:/x", "'/with blank:/x'")]
    [InlineData("$(id):/x", "'$(id):/x'")]
    [InlineData("${x:-$(id)}:/x", "'${x:-$(id)}:/x'")]
    [InlineData("a~/b:/x", "'a~/b:/x'")]
    [InlineData("", "''")]
    public void A_volume_or_port_expands_variables_and_runs_nothing(string value, string expected) =>
        Assert.Equal(expected, ShellWord.Expanded(value).Text);

    [Theory]
    [InlineData("${HOME:-$(id)}", "\"${HOME:-\\$(id)}\"")]
    [InlineData("${a[$(id)]}", "\"\\${a[\\$(id)]}\"")]
    [InlineData("${a@P}", "\"\\${a@P}\"")]
    [InlineData("${!a}", "\"\\${!a}\"")]
    [InlineData("${a:b[0]}", "\"\\${a:b[0]}\"")]
    public void A_value_expands_names_alone(string value, string expected) => Assert.Equal(expected, ShellWord.Value(value).Text);

    /// <summary>Text from outside reaches a shell unquoted in these places alone: what its author wrote for the shell.</summary>
    [Fact]
    public void Command_lines_come_from_known_places()
    {
        var sources = Path.Combine(Configuration.ConfigurationFixture.RepositoryRoot, "src");
        var callers = Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Where(line => line.Contains(".CommandLine(",
                StringComparison.Ordinal)).Select(_ => Path.GetFileNameWithoutExtension(file)))
            .CountBy(name => name).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}");
        Assert.Equal(["AccessoryCommands 3", "AppCommands 3", "LogFilter 1", "ServerCommands 1", "ServerOperations 1",
            "ShellCommand 1"], callers);
    }

    [Fact]
    public void A_NUL_cannot_be_quoted() => Assert.Throws<ArgumentException>(() => ShellWord.Literal("a\0b"));

    [Fact]
    [Trait("Category", "Linux")]
    public void Any_literal_reaches_a_program_unchanged()
    {
        Gen.String[Gen.Char['\u0001', '\u007e'], 0, 40].Array[1, 20].Sample(values =>
        {
            var command = ShellCommand.Of("printf", "%s\\001").AddRange(values.Select(ShellWord.Literal));
            using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command.Text]) { RedirectStandardOutput = true })!;
            var printed = shell.StandardOutput.ReadToEnd();
            shell.WaitForExit();
            Assert.Equal(string.Concat(values.Select(value => value + "\u0001")), printed);
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void Words_are_made_of_words_and_commands()
    {
        var command = ShellCommand.Of("echo", "a b");
        (ShellWord Word, string Text, string Display)[] rows =
        [
            ("a b", "'a b'", "'a b'"),
            (ShellWord.Raw("\"$x\""), "\"$x\"", "\"$x\""),
            (ShellWord.CommandLine("ls | wc -l"), "ls | wc -l", "ls | wc -l"),
            (ShellWord.Redacted("hush it"), "'hush it'", "[REDACTED]"),
            (ShellWord.Hidden(ShellWord.Value("$x")), "\"\\$x\"", "[REDACTED]"),
            (ShellWord.Shown("docker login"), "", "docker login"),
            (ShellWord.Join("--a=", ShellWord.Value("b c"), ShellWord.Redacted("hush")), "--a=\"b c\"hush", "--a=\"b c\"[REDACTED]"),
            (ShellWord.Quoted(command), "'echo '\\''a b'\\'''", "'echo '\\''a b'\\'''"),
            (ShellWord.Substitute(command), "\"$(echo 'a b')\"", "\"$(echo 'a b')\""),
            (ShellWord.Variable("id"), "\"${id}\"", "\"${id}\""),
            (ShellWord.Lines("a\n$b \"c\""), "\"a\n\\$b \\\"c\\\"\"", "\"a\n\\$b \\\"c\\\"\""),
        ];
        Assert.Equal(rows.Select(row => (row.Text, row.Display)), rows.Select(row => (row.Word.Text, row.Word.Display)));
    }

    [Fact]
    public void A_display_and_ToString_hold_the_redacted_form_only()
    {
        var inner = ShellCommand.Of("echo", "x").InShell();

        Assert.Equal("sh -c 'echo x'", inner.ToString());
        Assert.Equal("a && b || c", ShellCommand.Of("a").And(ShellCommand.Of("b")).Or(ShellCommand.Of("c")).Text);
    }
}
