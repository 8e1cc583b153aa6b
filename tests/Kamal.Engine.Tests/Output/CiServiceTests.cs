using Kamal.Engine.Output;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Output;

public sealed class CiServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-ci-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("TF_BUILD", "True", "##[endgroup]")]
    [InlineData("GITHUB_ACTIONS", "true", "::endgroup::")]
    [InlineData("GITHUB_ACTIONS", "false", null)]
    [InlineData("GITLAB_CI", "true", null)]
    public void A_service_is_known_by_its_variable(string name, string value, string? endGroup) =>
        Assert.Equal(endGroup, CiService.Of(asked => asked == name ? value : null)?.EndGroup);

    [Fact]
    public void GitHub_reads_escaped_commands()
    {
        var service = Service("GITHUB_ACTIONS");
        Assert.Equal("::add-mask::100%25 sure", service.Mask("100% sure"));
        Assert.Equal("::group::Boot: a, b", service.BeginGroup("Boot: a, b"));
        Assert.Equal(
            "::error file=a%2Cb%3A1.yml,line=3,col=5,title=ConfigurationInvalid::no%0A::warning::no %25 : ,",
            service.Issue(
                new(true, "no\n::warning::no % : ,") { Code = "ConfigurationInvalid", File = "a,b:1.yml", Line = 3, Column = 5 }));
        Assert.Equal("::warning::careful", service.Issue(new(false, "careful")));
        Assert.Null(service.Progress(50, "half"));
    }

    [Fact]
    public void Azure_Pipelines_reads_escaped_commands()
    {
        var service = Service("TF_BUILD");
        Assert.Equal("##vso[task.setsecret]100%AZP25 sure]", service.Mask("100% sure]"));
        Assert.Equal("##[group]Boot a b", service.BeginGroup("Boot\na\nb"));
        Assert.Equal(
            "##vso[task.logissue type=error;sourcepath=a%3Bb%5D.yml;linenumber=3;columnnumber=5;code=ConfigurationInvalid;]"
                + "no%0D%0A##vso[x]",
            service.Issue(new(true, "no\r\n##vso[x]") { Code = "ConfigurationInvalid", File = "a;b].yml", Line = 3, Column = 5 }));
        Assert.Equal("##vso[task.setprogress value=50;]half", service.Progress(50, "half"));
        Assert.Equal("##vso[task.setvariable variable=version;isOutput=true]v1%0A##vso[x]", service.SetOutput("version", "v1\n##vso[x]"));
    }

    [Fact]
    public void GitHub_gets_outputs_and_the_summary_in_files()
    {
        var service = Service("GITHUB_ACTIONS");
        Assert.Null(service.SetOutput("version", "v1\nend\noutcome=succeeded"));
        Assert.Null(service.AddSummary("# one\n"));
        Assert.Null(service.AddSummary("# two\n"));
        var lines = File.ReadAllLines(Path.Combine(_folder, "GITHUB_OUTPUT"));
        // Only the delimiter ends the value.
        Assert.Equal($"version<<{lines[^1]}", lines[0]);
        Assert.Equal(["v1", "end", "outcome=succeeded"], lines[1..^1]);
        Assert.Equal("# one\n# two\n", File.ReadAllText(Path.Combine(_folder, "GITHUB_STEP_SUMMARY")));
    }

    [Fact]
    public void Azure_Pipelines_gets_the_summary_as_a_file_that_a_command_names()
    {
        var command = Service("TF_BUILD").AddSummary("# one\n")!;
        Assert.StartsWith("##vso[task.uploadsummary]" + _folder, command, StringComparison.Ordinal);
        Assert.Equal("# one\n", File.ReadAllText(command["##vso[task.uploadsummary]".Length..]));
    }

    [Fact]
    public void Nothing_in_a_summary_is_Markdown_but_its_own()
    {
        var text = new CiSummary("deploy")
        {
            Outcome = "failed",
            Version = "v2",
            Results = [new KamalDeployResult("web|1", "<b>", "v2", HostOutcome.Failed) { PreviousVersion = "[x](https://evil.example)" }],
            Errors = [new(KamalErrorId.ContainerUnhealthy, "no\n```\n# title") { Recommendation = "Look at *logs*" }],
        }.Render();
        Assert.Equal(
            """
            ### deploy v2: failed

            | Host | Role | Version | Before | Outcome | Seconds |
            | --- | --- | --- | --- | --- | --- |
            | web\|1 | &#60;b&#62; | v2 | \[x\](https&#58;//evil.example) | Failed | 0.0 |

            ````text
            no
            ```
            # title
            ````

            Look at \*logs\*


            """.ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void A_secret_is_masked_line_by_line_but_not_what_anybody_writes()
    {
        var register = new SecretRegister();
        register.Publish(["shop"]);
        foreach (var value in (string[])["one\ntwo lines\r\nfour", "true", "ab", "shop", "-----BEGIN KEY-----\nabcdef\n-----END KEY-----"])
        {
            register.Add("X", new(value));
        }

        register.Add("URL", new("postgres://app:pass%2Fword@db/shop"));
        Assert.Equal(
            ["abcdef", "four", "pass%2Fword", "pass/word", "postgres://app:pass%2Fword@db/shop", "two lines"],
            register.Masks().Order(StringComparer.Ordinal));
    }

    private CiService Service(string variable) => CiService.Of(name => name switch
    {
        _ when name == variable => "true",
        "GITHUB_OUTPUT" or "GITHUB_STEP_SUMMARY" => Path.Combine(_folder, name),
        "AGENT_TEMPDIRECTORY" => _folder,
        _ => null,
    })!;
}
