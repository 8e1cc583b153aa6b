using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Secrets;

[Trait("Category", "Linux")]
public sealed class SecretStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("A=plain", "plain")]
    [InlineData("A=", "")]
    [InlineData("A", "")]
    [InlineData("export A=exported", "exported")]
    [InlineData("export=1\nA=$export", "1")]
    [InlineData("A= spaced value  ", "spaced value")]
    [InlineData("A = around", "around")]
    [InlineData("  A=indented", "indented")]
    [InlineData("A: yaml", "yaml")]
    [InlineData("A=a#b", "a")]
    [InlineData("A=a #b", "a")]
    [InlineData("A=\"a#b\" # comment", "a#b")]
    [InlineData("A='a#b'#comment", "a#b")]
    [InlineData("A='single $A'", "single $A")]
    [InlineData("A='back\\slash\\'s'", "back\\slash\\'s")]
    [InlineData("A='it's'", "it's")]
    [InlineData("A=it's", "it's")]
    [InlineData("A=\"C:\\\"", "C:\\")]
    [InlineData("A=\"open", "\"open")]
    [InlineData("A=\"a\"b", "\"a\"b")]
    [InlineData("A=\"esc\\nnew\\ttab\"", "esc\\nnewttab")]
    [InlineData("A=\"{\\\"json\\\": 1}\"", "{\"json\": 1}")]
    [InlineData("A=\"line one\nline two\"", "line one\nline two")]
    [InlineData("A=\"one\r\ntwo\"\r\nB=x", "one\ntwo")]
    [InlineData("A='one\ntwo'", "one\ntwo")]
    [InlineData("A=x\\ y", "x y")]
    [InlineData("A=pa\\$\\$word", "pa$$word")]
    [InlineData("A=\"\\$5 \\${X} \\$(echo x)\"", "$5 ${X} $(echo x)")]
    [InlineData("A=$UNSET", "")]
    [InlineData("A=x${UNSET}y", "xy")]
    [InlineData("A=${UNSET:-default}", "default")]
    [InlineData("B=b\nA=${UNSET:-$B}", "b")]
    [InlineData("B=b\nA=<${UNSET:-${B}}>", "<b>")]
    [InlineData("B=b\nA=${B:-${UNSET}}", "b")]
    [InlineData("A=${UNSET:-${OTHER:-x}y}z", "xyz")]
    [InlineData("A=${UNSET:-$(echo \"a b\" | tr a c)}", "c b")]
    [InlineData("A=\"${UNSET:-$(printf '%s' 'a}b')}\"", "a}b")]
    [InlineData("B=b\nA=${B:-$(exit 3)}", "b")]
    [InlineData("A=$", "$")]
    [InlineData("A=a$-b", "a$-b")]
    [InlineData("A=$()", "$()")]
    [InlineData("A=`tick`", "`tick`")]
    [InlineData("A=ü€😀", "ü€😀")]
    [InlineData("\uFEFFA=bom", "bom")]
    [InlineData("# comment\n\n \nA=1 # c\n", "1")]
    [InlineData("A=1\nA=2", "2")]
    [InlineData("A=1\nB=2\nexport A B", "1")]
    [InlineData("A=1\nexport A", "1")]
    public async Task The_syntax_is_dotenvs(string file, string expected)
    {
        using var project = new SecretProject(file);
        Assert.Equal(expected, await project.Get("A"));
    }

    [Theory]
    [InlineData("A=$(echo hello)", "hello")]
    [InlineData("A=\"<$(echo hello)>\"", "<hello>")]
    [InlineData("A=$(echo $(echo nested)) # comment", "nested")]
    [InlineData("A=$(echo \")\")", ")")]
    [InlineData("A=$(echo 'a # b') # c", "a # b")]
    [InlineData("A=$(printf 'x\\n\\n')", "xnn")]
    [InlineData("A='$(echo no)'", "$(echo no)")]
    [InlineData("A=\\$(echo no)", "$(echo no)")]
    [InlineData("A=$(echo 'pa$1wor$D')", "pa$1wor$D")]
    [InlineData("A=$(echo '$(echo x) \\${HOME}')", "$(echo x) ${HOME}")]
    [InlineData("X=v\nA=$(echo $X ${X}x)", "v vx")]
    [InlineData("X=v\nA=$(echo '$X')", "v")]
    [InlineData("X=v\nA=$(echo \"a '$X' $(echo \"$X\")\")", "a 'v' v")]
    [InlineData("X=v\nA=$(echo \\$X)", "")]
    [InlineData("X='q\" ; echo bad'\nA=$(echo $X)", "q\" ; echo bad")]
    [InlineData("X='$(echo bad)'\nA=$(echo \"$X\")", "$(echo bad)")]
    [InlineData("A=$(printf 'a b' | awk '{print \\$2}')", "b")]
    [InlineData("A=$(x=1; echo $x)", "1")]
    [InlineData("A=$(echo ${NOPE:-default})", "default")]
    [InlineData("X=v\nA=$(echo ${X:-default})", "v")]
    [InlineData("A=$(echo one \\\n  two)\nB=x", "one two")]
    [InlineData("A=$(basename \"\\$PWD\" | cut -c1-13)", "kamal-secrets")]
    public async Task Commands_run_in_the_projects_folder_and_see_variables(string file, string expected)
    {
        using var project = new SecretProject(file);
        Assert.Equal(expected, await project.Get("A"));
    }

    [Fact]
    public async Task What_a_command_prints_is_never_expanded_again()
    {
        using var project = new SecretProject("A=$(cat pw)\nB=$A\nC=\"<$A>\"").Write("pw", "pa$1wor$D$(echo x)\\n\n\n");
        Assert.Equal("A=pa$1wor$D$(echo x)\\n\n\nB=pa$1wor$D$(echo x)\\n\n\nC=<pa$1wor$D$(echo x)\\n\n>", await project.Print());
    }

    [Fact]
    public async Task A_name_means_the_assignment_before_it_then_the_environment()
    {
        using var project = new SecretProject("A=$HOST_VALUE\nB=$A\nA=second\nC=$A\nD=${HOST_VALUE}")
            .With("HOST_VALUE", "outside").With("A", "never");
        Assert.Equal("A=second\nB=outside\nC=second\nD=outside", await project.Print());
    }

    [Fact]
    public async Task Commands_and_values_see_the_common_file()
    {
        using var project = new SecretProject("MASTER=$(echo sub-$SHARED)\nCOPY=${SHARED}!\nSHARED=own")
            .Write(".kamal/secrets-common", "SHARED=common value\nMASTER=x\n");
        Assert.Equal("SHARED=own\nMASTER=sub-common value\nCOPY=common value!", await project.Print());
    }

    [Fact]
    public async Task A_destination_has_its_own_file_beside_the_common_one()
    {
        using var project = new SecretProject("KEY=never").Write(".kamal/secrets-common", "PW=pw\nKEY=common")
            .Write(".kamal/secrets.staging", "KEY=staging-$KAMAL_DESTINATION\nENV=$(printenv KAMAL_DESTINATION)");
        Assert.Equal("PW=pw\nKEY=staging-staging\nENV=staging", await project.Print("staging"));
        Assert.Equal("PW=pw\nKEY=common", await project.Print("prod"));
    }

    [Fact]
    public async Task Each_command_runs_once_and_only_when_it_is_wanted()
    {
        using var project = new SecretProject("A=$(echo a >> log; echo a)\nB=$(echo b >> log; echo $A-b)\nC=$(exit 9)\nD=d");
        using var store = project.Store();
        Assert.Equal("d", (await store.GetAsync("D", Token)).Reveal());
        Assert.Empty(project.Runner.Commands);
        var values = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.GetAsync(i % 2 == 0 ? "A" : "B", Token)));
        Assert.Equal("a-b", values[1].Reveal());
        Assert.Equal("a\nb\n", await File.ReadAllTextAsync(Path.Combine(project.Folder, "log"), Token));
        Assert.Equal(2, project.Runner.Commands.Count);
    }

    [Fact]
    public async Task A_failing_command_names_the_key_the_line_and_the_exit_code_every_time_it_is_wanted()
    {
        using var project = new SecretProject("X=hunter2\n\nA=$(echo \"no $X\" >&2; exit 3)");
        using var store = project.Store();
        var error = await Assert.ThrowsAsync<KamalException>(() => store.GetAsync("A", Token));
        Assert.Equal(KamalErrorId.SecretUnavailable, error.Id);
        Assert.Equal("The secret A (.kamal/secrets:3) has no value: echo in sh ended with exit code 3:\nno [REDACTED]", error.Message);
        Assert.Equal(3, error.ExitCode);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<KamalException>(() => store.GetAsync("A", Token));
        var all = await store.GetAllAsync(Token);
        Assert.Equal(["X", "A"], all.Select(secret => secret.Name));
        Assert.Equal("hunter2", all[0].Value!.Reveal());
        Assert.Equal(error.Message, all[1].Failure!.Message);
        Assert.Single(project.Runner.Commands);
        Assert.Equal("hunter2", (await store.GetAsync("X", Token)).Reveal());
    }

    [Fact]
    public async Task No_secret_is_in_the_arguments_of_a_command()
    {
        using var project = new SecretProject("X=hunter2\nA=$(echo $X '$X' \"$X\")");
        Assert.Equal("hunter2 hunter2 hunter2", await project.Get("A"));
        var command = Assert.Single(project.Runner.Commands);
        Assert.DoesNotContain(command.Arguments, argument => argument.Reveal().Contains("hunter2", StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", command.Display, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_key_lists_the_files_that_were_read()
    {
        using var project = new SecretProject("A=1").Write(".kamal/secrets-common", "B=2");
        Assert.Equal("Secret 'X' not found in .kamal/secrets-common, .kamal/secrets.", (await project.Fails("X")).Message);
        Assert.Equal("Secret 'X' not found in .kamal/secrets-common.", (await project.Fails("X", "prod")).Message);
        using var empty = new SecretProject();
        var error = await empty.Fails("X", "prod");
        Assert.Equal("Secret 'X' not found: there is no file of secrets (.kamal/secrets-common, .kamal/secrets.prod).", error.Message);
        Assert.Equal(KamalErrorId.SecretUnavailable, error.Id);
        Assert.Equal("", await empty.Print());
    }

    [Fact]
    public async Task All_problems_of_a_file_are_told_with_their_lines_and_without_their_text()
    {
        using var project = new SecretProject(
            "GOOD=1\nhunter2-a=x\nexport NEVER\n\nA=$(echo hunter2\nB=\"$(hunter2\"\nMII/hunter2==\nC=$(kamal secrets fetch " +
            "--adapter test A | grep hunter2)");
        var error = await project.Fails("GOOD");
        Assert.Equal(KamalErrorId.ConfigurationInvalid, error.Id);
        Assert.Equal(
            [3, 5, 6, 8],
            error.Message.Split('\n').Select(line => int.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            [".kamal/secrets:2", ".kamal/secrets:7"],
            project.Warnings.Select(warning => warning[..warning.IndexOf(": ", StringComparison.Ordinal)]));
        Assert.DoesNotContain(project.Warnings, warning => warning.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_refused()
    {
        using var project = new SecretProject();
        await File.WriteAllBytesAsync(Path.Combine(project.Folder, ".kamal/secrets"), [0x41, 0x3d, 0xff, 0xfe], Token);
        Assert.Equal(".kamal/secrets is not UTF-8 text.", (await project.Fails("A")).Message);
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    public async Task A_file_of_Windows_PowerShell_in_UTF_16_names_its_encoding(string name, bool hasMark)
    {
        using var project = new SecretProject();
        var encoding = System.Text.Encoding.GetEncoding(name);
        byte[] bytes = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("A=hunter2\r\n")];
        await File.WriteAllBytesAsync(Path.Combine(project.Folder, ".kamal/secrets"), bytes, Token);
        var error = await project.Fails("A");
        Assert.Equal(".kamal/secrets is UTF-16 text, which Windows PowerShell writes with `>` and Out-File.", error.Message);
        Assert.Equal(
            "Save the file as UTF-8. In PowerShell 7: (Get-Content .kamal/secrets) | Set-Content .kamal/secrets", error.Recommendation);
    }

    [Fact]
    public async Task Long_chains_and_values_that_grow_without_end_are_bounded()
    {
        var chain = string.Join('\n', Enumerable.Range(1, 20000).Select(i => $"A{i}=$A{i - 1}"));
        using var project = new SecretProject("A0=x\n" + chain);
        Assert.Equal("x", await project.Get("A20000"));
        var bomb = string.Join('\n', Enumerable.Range(1, 60).Select(i => $"A{i}=$A{i - 1}$A{i - 1}"));
        using var hostile = new SecretProject("A0=xx\n" + bomb);
        Assert.Contains("longer than", (await hostile.Fails("A60")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_command_may_be_wanted_again()
    {
        using var project = new SecretProject("A=$(echo a)");
        using var store = project.Store();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.GetAsync("A", new CancellationToken(canceled: true)));
        Assert.Equal("a", (await store.GetAsync("A", Token)).Reveal());
    }

    [Fact]
    public async Task Legacy_line_breaks_are_expanded_where_they_are_asked_for()
    {
        using var project = new SecretProject("A=\"x\\ny\"").With("DOTENV_LINEBREAK_MODE", "legacy");
        Assert.Equal("x\ny", await project.Get("A"));
    }

    [Fact]
    public async Task A_preview_runs_no_command_but_knows_what_is_missing()
    {
        using var project = new SecretProject("A=$(exit 1)\nB=hunter2");
        using var store = project.Store();
        var preview = new PreviewSecretStore(store);
        Assert.Equal("[REDACTED]", (await preview.GetAsync("A", Token)).Reveal());
        Assert.Equal(["A", "B"], (await preview.GetAllAsync(Token)).Select(secret => secret.Name));
        Assert.Equal(
            "Secret 'X' not found in .kamal/secrets.",
            (await Assert.ThrowsAsync<KamalException>(() => preview.GetAsync("X", Token))).Message);
        Assert.Empty(project.Runner.Commands);
    }

    [Theory]
    [InlineData("set -a\nA=1\nset +a", 1, 3)]
    [InlineData("source .env\n. ./more.env\nA=1", 1, 2)]
    [InlineData("if [ -f .env ]; then\n  A=0\nelse\n  A=1\nfi", 1, 3, 5)]
    [InlineData("if [ \"$CI\" = true ]; then exit 0; fi\nexit 0\nA=1\nexit", 1, 2, 4)]
    [InlineData("for name in B C; do\nunset $name\ndone\nA=1", 1, 2, 3)]
    [InlineData("echo \"loading\"\nload() {\n  A=1\n}\n[ -n \"$A\" ] || A=2", 1, 2, 4, 5)]
    [InlineData("[section]\n; note\n// note\n---\nA=1\nMY-KEY=2\ndeclare -x B=1", 1, 2, 3, 4, 6, 7)]
    public async Task Lines_that_are_not_assignments_are_warnings_once(string file, params int[] lines)
    {
        using var project = new SecretProject(file);
        using var store = project.Store();
        Assert.Equal("1", (await store.GetAsync("A", Token)).Reveal());
        await store.GetAllAsync(Token);
        Assert.Equal(
            lines.Select(line =>
                $".kamal/secrets:{line}: the line is ignored, because it is not an assignment (KEY=value); no shell runs this file."),
            project.Warnings);
        Assert.All(await store.NamesAsync(Token), name => Assert.Equal("A", name));
    }

    [Theory]
    [InlineData("${X:+y}", "`${NAME:+…}`")]
    [InlineData("${X+y}", "`${NAME+…}`")]
    [InlineData("${X:=y}", "`${NAME:=…}`")]
    [InlineData("${X=y}", "`${NAME=…}`")]
    [InlineData("${X:?y}", "`${NAME:?…}`")]
    [InlineData("${X?}", "`${NAME?…}`")]
    [InlineData("${X#y}", "`${NAME#…}`")]
    [InlineData("${X##*/}", "`${NAME#…}`")]
    [InlineData("${X%y}", "`${NAME%…}`")]
    [InlineData("${X%%.*}", "`${NAME%…}`")]
    [InlineData("${X/a/b}", "`${NAME/…}`")]
    [InlineData("${X//a/b}", "`${NAME/…}`")]
    [InlineData("${X:0:3}", "`${NAME:…}`")]
    [InlineData("${X^^}", "`${NAME^…}`")]
    [InlineData("${X,,}", "`${NAME,…}`")]
    [InlineData("${X@Q}", "`${NAME@…}`")]
    [InlineData("${X[0]}", "`${NAME[…}`")]
    [InlineData("${X y}", "`${NAME…}`")]
    [InlineData("${#X}", "`${#NAME}`")]
    [InlineData("${!X}", "`${!NAME}`")]
    [InlineData("${X", "`${` is not closed")]
    [InlineData("${X:-${Y:+y}}", "`${NAME:+…}`")]
    [InlineData("${X:-${Y}", "`${` is not closed")]
    [InlineData("$(kamal secrets extract A ${X:-$Y})", "can only be text without `$`")]
    [InlineData("$(kamal secrets extract A ${X:+y})", "`${NAME:+…}`")]
    public async Task What_only_a_shell_expands_is_an_error_that_says_so(string value, string expected)
    {
        foreach (var file in (string[])[$"X=1\nA=\"<{value}>\"", $"X=1\nA={value}"])
        {
            using var project = new SecretProject(file);
            if (value.Contains('#', StringComparison.Ordinal) && !file.Contains('"', StringComparison.Ordinal)) continue;
            var error = await project.Fails("X");
            Assert.Equal(KamalErrorId.ConfigurationInvalid, error.Id);
            Assert.StartsWith(".kamal/secrets:2: the value of A cannot be read: ", error.Message, StringComparison.Ordinal);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.Contains("single quotes", error.Message, StringComparison.Ordinal);
        }

        using var quoted = new SecretProject(
            $"X=1\nA='{value}'\n{(value.StartsWith("$(", StringComparison.Ordinal) ? "" : $"B=\"\\{value}\"")}");
        Assert.Equal(value, await quoted.Get("A"));
    }

    [Fact]
    public async Task A_key_of_several_lines_without_quotes_is_an_error_rather_than_cut_short()
    {
        using var project = new SecretProject("KEY=-----BEGIN PRIVATE KEY-----\nMIIhunter2==\n-----END PRIVATE KEY-----\n");
        Assert.Equal(
            ".kamal/secrets:1: the value of KEY ends with its line; write a value of several lines in double quotes.",
            (await project.Fails("KEY")).Message);
    }

    [Fact]
    public async Task Listing_runs_no_command_until_a_value_is_revealed_and_then_each_once()
    {
        using var project = new SecretProject("A=$(echo a >> log; echo a)\nB=$(echo b >> log; echo $A-b)\nC=$(exit 9)\nD=d");
        IReadOnlyList<KeyValuePair<string, SecretValue>> listed;
        using (var store = project.Store()) listed = await store.ListAsync(Token);
        Assert.Equal(["A", "B", "C", "D"], listed.Select(secret => secret.Key));
        Assert.Empty(project.Runner.Commands);
        Assert.Equal("a-b", listed[1].Value.Reveal());
        Assert.Equal("a", listed[0].Value.Reveal());
        Assert.Equal("d", listed[3].Value.Reveal());
        Assert.Contains("exit code 9", Assert.Throws<KamalException>(listed[2].Value.Reveal).Message, StringComparison.Ordinal);
        Assert.Equal("a\nb\n", await File.ReadAllTextAsync(Path.Combine(project.Folder, "log"), Token));
    }
}
