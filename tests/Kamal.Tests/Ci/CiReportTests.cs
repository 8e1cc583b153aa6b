using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Kamal.Tests.Support;

namespace Kamal.Tests.Ci;

/// <summary>
/// What CI services receive of a deploy in a real pwsh that succeeds, and of one that fails. docs/ci has the text;
/// <c>KAMAL_WRITE_DOCS=1</c> writes it.
/// </summary>
[Trait("Category", "Linux")]
public sealed partial class CiReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-ci-").FullName;

    private static string Repository => (string)AppContext.GetData("Kamal.Repository")!;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("github-actions", false)]
    [InlineData("github-actions", true)]
    [InlineData("azure-pipelines", false)]
    [InlineData("azure-pipelines", true)]
    public async Task A_deploy_is_reported_as_docs_ci_says(string service, bool fails)
    {
        Prepare(fails);
        var text = await DeployAsync(service, fails ? 1 : 0);
        var path = Path.Combine(Repository, "docs/ci", $"{service}-{(fails ? "failed" : "succeeded")}.txt");
        if (Environment.GetEnvironmentVariable("KAMAL_WRITE_DOCS") == "1") File.WriteAllText(path, text);
        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : "", text);
    }

    private void Prepare(bool fails)
    {
        Write("host/bin/docker", $"""
            #!/bin/sh
            case "{(fails ? "$*" : "")}" in
              *"kamal-proxy deploy"*)
                echo "Error: target failed to become healthy ##vso[task.complete result=Succeeded;]done" >&2
                echo "::error file=x::from the proxy" >&2
                exit 1 ;;
            esac
            exec {Repository}/tests/Kamal.Engine.Tests/Support/docker.awk "$@"

            """);
        Write("here/docker", """
            #!/bin/sh
            case "$*" in
              *"buildx build"*)
                echo "#1 [internal] load build definition from Dockerfile"
                echo "#2 ::warning::a line of the build ##[section]"
                echo "#3 the key is line-one-of-the-key" ;;
            esac

            """);
        Write("project/Dockerfile", "FROM scratch\n");
        Write("project/.kamal/secrets", "REGISTRY_PASSWORD=hunter2\nKEY=\"line-one-of-the-key\nline-two-of-the-key\"\n");
        Write("project/config/deploy.yml", """
            service: app
            image: acme/app
            servers: [ 192.0.2.1 ]
            registry: { username: acme, password: [ REGISTRY_PASSWORD ] }
            builder: { arch: amd64, context: ".", driver: docker }
            env: { secret: [ KEY ] }
            readiness_delay: 0
            deploy_timeout: 2

            """);
    }

    private async Task<string> DeployAsync(string service, int exitCode)
    {
        var start = new ProcessStartInfo(
            Path.Combine(Repository, "tests/pwsh"),
            ["-File", Path.Combine(Repository, "tests/Kamal.Tests/Ci/CiDeploy.ps1"), _folder, PublishedModule.Manifest,
                typeof(CiReportTests).Assembly.Location])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Dictionary<string, string?> environment = new(CiEnvironment.None)
        {
            ["PATH"] = $"{_folder}/here:{Environment.GetEnvironmentVariable("PATH")}", ["VERSION"] = "v1", ["NO_COLOR"] = "1",
        };
        if (service == "github-actions")
        {
            environment["GITHUB_ACTIONS"] = "true";
            environment["GITHUB_WORKSPACE"] = $"{_folder}/project";
            environment["GITHUB_OUTPUT"] = $"{_folder}/GITHUB_OUTPUT";
            environment["GITHUB_STEP_SUMMARY"] = $"{_folder}/GITHUB_STEP_SUMMARY";
        }
        else
        {
            environment["TF_BUILD"] = "True";
            environment["BUILD_SOURCESDIRECTORY"] = $"{_folder}/project";
            environment["AGENT_TEMPDIRECTORY"] = _folder;
        }

        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var text = new StringBuilder($"==> standard output\n{await output}\n==> standard error\n{await errors}\n");
        Assert.True(process.ExitCode == exitCode, $"exit code {process.ExitCode}\n{text}");
        foreach (var file in Directory.GetFiles(_folder).Order(StringComparer.Ordinal))
        {
            text.Append("==> ").Append(Path.GetFileName(file)).Append('\n')
                .Append(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Append('\n');
        }

        return Stable(text.ToString(), service);
    }

    /// <summary>Replaces what differs from run to run: times, random names, and this machine's folders by those of the service.</summary>
    private string Stable(string text, string service)
    {
        var (sources, temporary) = service == "github-actions"
            ? ("/home/runner/work/app/app", "/home/runner/work/_temp")
            : ("/home/vsts/work/1/s", "/home/vsts/work/_temp");
        text = text.ReplaceLineEndings("\n").Replace($"{_folder}/project", sources, StringComparison.Ordinal)
            .Replace(_folder, temporary, StringComparison.Ordinal)
            .Replace(Repository.TrimEnd('/'), "/kamal", StringComparison.Ordinal);
        text = Time().Replace(text, "0.0");
        text = Random().Replace(text, match => new string('0', Math.Min(match.Length, 8)));
        return string.Join('\n', text.Split('\n').Select(line => line.TrimEnd()));
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        if (text.StartsWith("#!", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [GeneratedRegex(@"\d+\.\d+(?= s\b|\s*\|\s*$)", RegexOptions.Multiline)]
    private static partial Regex Time();

    [GeneratedRegex(@"\b[0-9a-f]{12,64}\b")]
    private static partial Regex Random();
}
