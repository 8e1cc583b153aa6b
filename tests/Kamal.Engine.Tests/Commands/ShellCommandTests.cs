using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ShellCommandTests
{
    private static readonly ShellCommand A = ShellCommand.Of("a", "b c");

    private static readonly ShellCommand D = ShellCommand.Of("d");

    [Fact]
    public void Commands_are_combined() => Rendered.Equal(
        (A, "a 'b c'"),
        (A.Add("$x", "y"), "a 'b c' '$x' y"),
        (A.AddRange(["", "z"]), "a 'b c' '' z"),
        (ShellCommand.Of(ShellWord.Join("X=", ShellWord.Value("y"))).AddCommand(A), "X=\"y\" a 'b c'"),
        (A.AddIf(true, "x"), "a 'b c' x"),
        (A.AddIf(false, "x"), "a 'b c'"),
        (A.And(D), "a 'b c' && d"),
        (A.Or(D), "a 'b c' || d"),
        (A.Then(D), "a 'b c' ; d"),
        (A.Pipe(D), "a 'b c' | d"),
        (A.PipeToXargs(D), "a 'b c' | xargs d"),
        (A.Or(D).Group().And(D), "{ a 'b c' || d ; } && d"),
        (A.RedirectTo("a file"), "a 'b c' > 'a file'"),
        (A.AppendTo("a file"), "a 'b c' >> 'a file'"),
        (A.DiscardErrors(), "a 'b c' 2>/dev/null"),
        (A.DiscardOutput(), "a 'b c' >/dev/null"),
        (A.MergeErrors(), "a 'b c' 2>&1"),
        (A.MergeOutputIntoErrors(), "a 'b c' >&2"),
        (A.InShell(), "sh -c 'a '\\''b c'\\'''"),
        (ShellCommand.Raw("[ \"$x\" ]"), "[ \"$x\" ]"),
        (ShellCommand.Raw($"x=$({A})"), "x=$(a 'b c')"),
        (ShellCommand.CommandLine("ls | wc"), "ls | wc"),
        (ShellCommand.Shown("docker login"), ""));

    [Fact]
    public void A_secret_is_in_the_text_alone()
    {
        var command = ShellCommand.Of("login", ShellWord.Redacted("hush")).InShell().And(ShellCommand.Shown("x"));
        Assert.Equal(("sh -c 'login hush' && ", "sh -c 'login [REDACTED]' && x"), (command.Text, command.Display));
        Assert.Equal(command.Display, command.ToString());
        Assert.NotEqual(ShellCommand.Of("login", "hush"), ShellCommand.Of("login", ShellWord.Redacted("hush")));
        Assert.Equal(A, ShellCommand.Of("a", "b c"));
    }
}
