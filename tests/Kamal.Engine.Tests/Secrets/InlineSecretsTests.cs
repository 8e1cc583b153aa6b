using Xunit;

namespace Kamal.Engine.Tests.Secrets;

[Trait("Category", "Linux")]
public sealed class InlineSecretsTests
{
    [Theory]
    [InlineData("A=$(kamal secrets extract X $S)", "X")]
    [InlineData("A=$(kamal secrets extract X \"$S\")", "X")]
    [InlineData("A=$(kamal secrets extract X '$S')", "X")]
    [InlineData("A=$( kamal  secrets  extract X ${S} )", "X")]
    [InlineData("A=\"<$(kamal secrets extract X $S)>\"", "<X>")]
    [InlineData("T=$S\nA=$(kamal secrets extract X $T)", "X")]
    [InlineData("N=X\nA=$(kamal secrets extract $N $S)", "X")]
    [InlineData("A=$(kamal secrets extract Z $(kamal secrets fetch --adapter=test --account=me Z))", "Z")]
    [InlineData("A=$(kamal secrets extract Z \"$(kamal secrets fetch -a test --account me Z)\")", "Z")]
    [InlineData("A=$(echo $S)", "{\"X\":\"X\",\"Y Z\":\"Z Y\"}")]
    [InlineData("A=$(echo '$S' \"$S\")", "{\"X\":\"X\",\"Y Z\":\"Z Y\"} {\"X\":\"X\",\"Y Z\":\"Z Y\"}")]
    [InlineData("A=$(echo $(kamal secrets extract 'Y Z' $S) | tr Z z)", "z Y")]
    [InlineData("J={\"X\": \"x y\"}\nA=$(kamal secrets extract X $J)", "x y")]
    [InlineData("J='{\"X\": \"x y\"}'\nA=$(kamal secrets extract X '$J')", "x y")]
    [InlineData("J=$(printf '%s' '{\"X\": \"x y\"}')\nA=$(kamal secrets extract X $J)", "x y")]
    [InlineData("O=\"--adapter test --account 'm e'\"\nA=$(kamal secrets extract Q $(kamal secrets fetch $O Q))", "Q")]
    [InlineData("A=$(kamal secrets extract P $(kamal secrets fetch -a test --account me --from f P))", "P/f")]
    [InlineData("A=$S", "\\{\\\"X\\\":\\\"X\\\",\\\"Y\\ Z\\\":\\\"Z\\ Y\\\"\\}")]
    public async Task Our_own_commands_run_in_this_process(string file, string expected)
    {
        using var project = new SecretProject("S=$(kamal secrets fetch --adapter test --account me X 'Y Z')\n" + file);
        Assert.Equal(expected, await project.Get("A"));
        Assert.DoesNotContain(
            project.Runner.Commands,
            command => command.Arguments.Any(argument => argument.Reveal().Contains("kamal secrets", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_suites_file_prints_as_kamal_prints_it()
    {
        using var project = new SecretProject("""
            A=plain
            B='single $A'
            C="double $A ${A}x"
            D=$(echo cmd $A)
            E=$(kamal secrets fetch --adapter test --account me X Y)
            F=$(kamal secrets extract X $E)
            G="esc\nnew\ttab"
            H=a#b
            I=a #b
            J= spaced value  
            export K=exp
            L=
            M=$UNSET_VAR
            N=$(printf 'multi\nline')
            O="{\"json\": 1}"
            KAMAL_REGISTRY_PASSWORD=pw
            """);
        Assert.Equal(
            "A=plain\nB=single $A\nC=double plain plainx\nD=cmd " +
            "plain\nE=\\{\\\"X\\\":\\\"X\\\",\\\"Y\\\":\\\"Y\\\"\\}\nF=X\nG=esc\\nnewttab\nH=a\nI=a\nJ=spaced " +
            "value\nK=exp\nL=\nM=\nN=multinline\nO={\"json\": 1}\nKAMAL_REGISTRY_PASSWORD=pw",
            await project.Print());
    }

    [Theory]
    [InlineData("$(kamal secrets extract Q $S)", "Could not find secret Q in what was fetched.")]
    [InlineData("$(kamal secrets extract Q)", "'kamal secrets extract' needs SECRETS")]
    [InlineData("$(kamal secrets extract Q hunter2)", "is not JSON (line 1, byte 1)")]
    [InlineData("$(kamal secrets extract Q [])", "not the object that")]
    [InlineData("$(kamal secrets fetch X)", "needs --adapter")]
    [InlineData("$(kamal secrets fetch --adapter nosuch X)", "Unknown secrets adapter: nosuch.")]
    [InlineData("$(kamal secrets fetch --adapter test X)", "needs an account")]
    [InlineData("$(kamal secrets fetch --adapter)", "--adapter needs a value")]
    [InlineData("$(kamal secrets fetch --bogus x)", "'kamal secrets fetch' has no option --bogus")]
    [InlineData("$(kamal secrets print)", "cannot be used in the secrets file")]
    [InlineData("$(kamal secrets nosuch)", "is followed by one of fetch, extract, print")]
    public async Task Their_errors_name_the_key_and_the_line(string value, string expected)
    {
        using var project = new SecretProject("S=$(kamal secrets fetch --adapter test --account me X)\nA=" + value);
        var error = await project.Fails("A");
        Assert.Equal(KamalErrorId.SecretUnavailable, error.Id);
        Assert.StartsWith("The secret A (.kamal/secrets:2) has no value: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }
}
