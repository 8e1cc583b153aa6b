using System.Diagnostics;
using CsCheck;
using Kamal.Engine.Commands;
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

    [Fact]
    public void A_NUL_cannot_be_quoted() => Assert.Throws<ArgumentException>(() => ShellWord.Literal("a\0b"));

    [Fact]
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
    public void A_display_and_ToString_hold_the_redacted_form_only()
    {
        var inner = ShellCommand.Of("echo", "x").InShell();

        Assert.Equal("sh -c 'echo x'", inner.ToString());
        Assert.Equal("a && b || c", ShellCommand.Of("a").And(ShellCommand.Of("b")).Or(ShellCommand.Of("c")).Text);
    }
}
