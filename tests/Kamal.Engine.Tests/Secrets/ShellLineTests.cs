using Kamal.Engine.Local;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Secrets;

public sealed class ShellLineTests
{
    [Theory]
    [InlineData("op read $X", "op read ${KAMAL_SECRET_X}")]
    [InlineData("op read \"a $X b\"", "op read \"a ${KAMAL_SECRET_X} b\"")]
    [InlineData("op read 'op://$X/b'", "op read 'op://'\"${KAMAL_SECRET_X}\"'/b'")]
    [InlineData("echo ${X:-none} $S \"$S\"", "echo ${KAMAL_SECRET_X:-none} \"${KAMAL_SECRET_S}\" \"${KAMAL_SECRET_S}\"")]
    [InlineData("echo $HOST '$HOST' $NOPE '$NOPE' $1", "echo $HOST ''\"${HOST}\"'' $NOPE '$NOPE' $1")]
    [InlineData("awk '{print \\$1}' \\$(x) $", "awk '{print $1}' \\$(x) $")]
    [InlineData("echo \"$(cat $X)\" `cat $X`", "echo \"$(cat ${KAMAL_SECRET_X})\" `cat ${KAMAL_SECRET_X}`")]
    [InlineData("kamal-cli $X", "kamal-cli ${KAMAL_SECRET_X}")]
    public void In_a_posix_shell_variables_stay_variables(string command, string expected)
    {
        var line = Render(new("sh", isPosix: true), command);
        Assert.Equal(("sh", "-c", expected), (line.FileName, line.Arguments[0].Reveal(), line.Arguments[1].Reveal()));
        Assert.Equal((StepEffect.ReadOnly, LocalTerminal.Prompt, true), (line.Effect, line.Terminal, line.HasSecretOutput));
    }

    [Theory]
    [InlineData("op read $X", "op read ${env:KAMAL_SECRET_X}")]
    [InlineData("op read \"a ${X} b\"", "op read \"a ${env:KAMAL_SECRET_X} b\"")]
    [InlineData("op read 'op://$X/b'", "op read 'op://it''s x/b'")]
    [InlineData("echo $HOST $NOPE", "echo ${env:HOST} ${env:NOPE}")]
    public void In_powershell_they_are_environment_variables(string command, string expected)
    {
        var line = Render(new("pwsh", isPosix: false), command);
        Assert.Equal(expected, line.Environment["KAMAL_SECRET_COMMAND"]!.Reveal());
        Assert.Equal("pwsh", line.FileName);
        Assert.DoesNotContain(line.Arguments, argument => argument.Reveal().Contains("it's", StringComparison.Ordinal));
        Assert.DoesNotContain("it", line.Environment["KAMAL_SECRET_COMMAND"]!.Display, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_travel_in_the_environment_and_are_never_shown()
    {
        var line = Render(new("sh", isPosix: true), "curl -H $X hunter2");
        Assert.Equal("it's x", line.Environment["KAMAL_SECRET_X"]!.Reveal());
        Assert.Equal("KAMAL_SECRET_X=[REDACTED] sh -c curl …", line.Display);
    }

    private static LocalCommand Render(ShellLine shell, string command)
    {
        var scope = new SecretScope(
            name => name switch
            {
                "X" => new("it's x"),
                "S" => new("\\{\\}", "{}"),
                _ => null,
            },
            name => name == "HOST" ? "outside" : null);
        return shell.Render(CommandTemplate.Parse(command), scope, new Dictionary<InlineCommand, SecretText>());
    }
}
