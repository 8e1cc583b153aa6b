using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Kamal.Tests.Support;

namespace Kamal.Tests.Streams;

/// <summary>The progress of a deploy in a real pwsh on a terminal.</summary>
[Trait("Category", "Linux")]
public sealed partial class ProgressTerminalTests : IDisposable
{
    private const string Bar = "Invoke-KamalDeploy [";
    private const string Step = "Start the new container";
    private const int Rows = 30;
    private const int Columns = 100;
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-progress-").FullName;

    private static string Repository => (string)AppContext.GetData("Kamal.Repository")!;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_progress_is_shown_and_nothing_of_it_remains()
    {
        var (text, screen) = await DeployAsync("");
        Assert.Contains(Bar, text, StringComparison.Ordinal);
        Assert.Contains(Step, text, StringComparison.Ordinal);
        Assert.DoesNotContain(screen, line => line.Contains(Bar, StringComparison.Ordinal)
            || line.Contains(Step, StringComparison.Ordinal));
        Assert.Contains(screen, line => line.StartsWith("app v1 on 192.0.2.1 in ", StringComparison.Ordinal));
        Assert.Equal("the end", screen.Last(line => line.Length > 0));
    }

    [Theory]
    [InlineData("$ProgressPreference = 'SilentlyContinue'", "")]
    [InlineData("", "-NonInteractive")]
    [InlineData("$env:GITHUB_ACTIONS = 'true'", "")]
    public async Task There_is_none_where_nobody_looks(string before, string option)
    {
        await File.WriteAllTextAsync($"{_folder}/seen", "", TestContext.Current.CancellationToken);
        var (text, _) = await DeployAsync(before, option);
        Assert.DoesNotContain(Bar, text, StringComparison.Ordinal);
        Assert.Contains("the end", text, StringComparison.Ordinal);
    }

    // PowerShell draws the bars in a colour of its own, whatever NO_COLOR says.
    [Theory]
    [InlineData("1", false)]
    [InlineData(null, true)]
    public async Task NO_COLOR_leaves_the_colours_out(string? value, bool isColored)
    {
        await File.WriteAllTextAsync($"{_folder}/seen", "", TestContext.Current.CancellationToken);
        var (text, screen) = await DeployAsync(
            "$ProgressPreference = 'SilentlyContinue'; Invoke-KamalDeploy -SkipPush -WhatIf",
            after: "Invoke-KamalDeploy -SkipPush",
            noColor: value);
        Assert.Contains(screen, line => line.Contains("Switched", StringComparison.Ordinal));
        Assert.Equal(isColored, ColorPattern.IsMatch(text));
    }

    private async Task<(string Text, IReadOnlyList<string> Screen)> DeployAsync(
        string before, string option = "", string after = "", string? noColor = null)
    {
        Prepare(before, after);
        var command = $"stty rows {Rows} columns {Columns}; "
            + $"exec '{Repository}/tests/pwsh' -NoProfile {option} -File '{_folder}/deploy.ps1'";
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--command", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder,
        };
        foreach (var (name, value) in CiEnvironment.None) start.Environment[name] = value;
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["VERSION"] = "v1";
        start.Environment["NO_COLOR"] = noColor;
        using var process = Process.Start(start)!;
        var screen = new TestScreen(Rows, Columns);
        var all = new StringBuilder();
        var buffer = new char[4096];
        int count;
        while ((count = await process.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            var text = new string(buffer, 0, count);
            all.Append(text);
            if (all.ToString().Contains(Step, StringComparison.Ordinal)) File.Create($"{_folder}/seen").Dispose();
            await process.StandardInput.WriteAsync(screen.Write(text));
            await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, all.ToString());
        return (all.ToString(), screen.Lines);
    }

    private void Prepare(string before, string after)
    {
        // The container starts when its step is on the screen, and fails if it is not shown while it lasts.
        Write("host/bin/docker", $$"""
            #!/bin/sh
            case "$*" in
              "run "*" app-web-v1 "*) while [ ! -e "{{_folder}}/seen" ]; do
                [ "$((left = ${left:-600} - 1))" -gt 0 ] || exit 1; sleep 0.1; done ;;
            esac
            exec {{Repository}}/tests/Kamal.Engine.Tests/Support/docker.awk "$@"

            """);
        Write("project/.kamal/secrets", "REGISTRY_PASSWORD=hunter2\n");
        Write("project/config/deploy.yml", """
            service: app
            image: acme/app
            servers: [ 192.0.2.1 ]
            registry: { username: acme, password: [ REGISTRY_PASSWORD ] }
            builder: { arch: amd64 }
            readiness_delay: 0
            deploy_timeout: 2

            """);
        Write("deploy.ps1", $"""
            $ErrorActionPreference = 'Stop'
            [AppContext]::SetData('Kamal.PublishedModule', '{PublishedModule.Manifest}')
            Import-Module '{PublishedModule.Manifest}'
            $tests = [Reflection.Assembly]::LoadFrom('{typeof(ProgressTerminalTests).Assembly.Location}')
            $tests.GetType('Kamal.Tests.Ci.CiHosts')::Attach('{_folder}/host')
            Set-Location '{_folder}/project'
            {before}
            Invoke-KamalDeploy -SkipPush | Out-Null
            {after}
            'the end'

            """);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows() && text.StartsWith("#!", StringComparison.Ordinal))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex ColorPattern { get; }
}
