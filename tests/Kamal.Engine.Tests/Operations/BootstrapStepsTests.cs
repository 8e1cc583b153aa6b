using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>The bootstrap on a real shell, with programs of the test's own around it.</summary>
[Trait("Category", "Linux")]
public sealed class BootstrapStepsTests : IDisposable
{
    // Not bash: it knows who it runs as without asking `id`.
    private const string Shell = "/bin/dash";

    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-bootstrap").FullName;

    public BootstrapStepsTests()
    {
        Assert.SkipUnless(File.Exists(Shell), "There is no dash here.");
        foreach (var tool in new[] { "grep", "cat", "base64" }) File.CreateSymbolicLink(Path.Combine(_folder, tool), $"/usr/bin/{tool}");
        File.CreateSymbolicLink(Path.Combine(_folder, "sh"), Shell);
        Program("id", "case $1 in -u) echo 1000;; -nG) echo app users;; *) echo app;; esac");
        Program("sudo", "printf '%s\\n' \"$*\" >> $0.log");
        Program("curl", "echo \"echo installed by curl > $0.log\"");
    }

    [Fact]
    public async Task Installs_Docker_and_joins_its_group()
    {
        var result = await RunAsync();
        Assert.Null(result.Failure);
        Assert.Equal("installed by curl\n", Log("curl"));
        Assert.Equal("-nl usermod\n-n usermod -aG docker app\n", Log("sudo"));
        Assert.Equal(
            (StepStatus.Succeeded, StepStatus.Succeeded),
            (Status(result, Bootstrap.InstallStep), Status(result, Bootstrap.JoinStep)));
    }

    [Fact]
    public async Task Leaves_a_host_alone_that_has_Docker()
    {
        Program("docker", "echo Docker version 28");
        var result = await RunAsync();
        Assert.Null(result.Failure);
        Assert.Equal(("", ""), (Log("curl"), Log("sudo")));
        Assert.Equal((StepStatus.Skipped, StepStatus.Skipped), (Status(result, Bootstrap.InstallStep), Status(result, Bootstrap.JoinStep)));
    }

    [Fact]
    public async Task Without_curl_it_takes_wget()
    {
        File.Delete(Path.Combine(_folder, "curl"));
        Program("wget", "echo \"echo $@ > $0.log\"");
        Assert.Null((await RunAsync()).Failure);
        Assert.Equal("-O - https://get.docker.com\n", Log("wget"));
    }

    [Fact]
    public async Task Without_either_it_says_that_Docker_is_missing()
    {
        File.Delete(Path.Combine(_folder, "curl"));
        var failure = (await RunAsync()).Failure;
        Assert.Equal(KamalErrorId.DockerMissing, failure!.Id);
        Assert.Contains("curl or wget", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_become_root_installs_nothing()
    {
        Program("sudo", "exit 1");
        var failure = (await RunAsync()).Failure;
        Assert.Equal(KamalErrorId.DockerMissing, failure!.Id);
        Assert.Contains("neither root", failure.Message, StringComparison.Ordinal);
        Assert.Equal("", Log("curl"));
    }

    [Theory]
    [InlineData("case $1 in -u) echo 1000;; -nG) echo app docker;; *) echo app;; esac")]
    [InlineData("case $1 in -u) echo 0;; -nG) echo root;; *) echo root;; esac")]
    public async Task Root_and_members_of_the_group_need_not_join(string id)
    {
        Program("id", id);
        var result = await RunAsync();
        Assert.Null(result.Failure);
        Assert.Equal(
            (StepStatus.Succeeded, StepStatus.Skipped),
            (Status(result, Bootstrap.InstallStep), Status(result, Bootstrap.JoinStep)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<ScriptResult> RunAsync()
    {
        await using var connection = new LocalShellConnection(Shell, _folder);
        await using var session = new ScriptSession(connection);
        return await session.RunAsync(
            new HostScript("Bootstrap", [.. Bootstrap.Script()]), new RecordingSink(), TestContext.Current.CancellationToken);
    }

    private static StepStatus Status(ScriptResult result, string step) => result.Find(step)!.Status;

    private void Program(string name, string body)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, $"#!{Shell}\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string Log(string program) =>
        File.Exists(Path.Combine(_folder, program + ".log")) ? File.ReadAllText(Path.Combine(_folder, program + ".log")) : "";
}
