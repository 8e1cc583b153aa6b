using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

[Trait("Category", "Linux")]
public sealed class InitializeProjectOperationTests : IDisposable
{
    private static readonly string[] Hooks =
    [
        "docker-setup", "post-app-boot", "post-deploy", "post-proxy-reboot", "pre-app-boot", "pre-build", "pre-connect",
        "pre-deploy", "pre-proxy-reboot",
    ];

    private readonly ConfigurationFixture _project = new();

    private IReadOnlyList<KamalProjectFile> Initialize(bool powerShell = false, bool preview = false) =>
        new InitializeProjectOperation(new(_project.Root) { PowerShellHooks = powerShell, IsPreview = preview }).Run(new RecordingSink());

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, ".ps1")]
    public void Writes_the_files_that_a_project_begins_with(bool powerShell, string ending)
    {
        var files = Initialize(powerShell);
        Assert.Equal(
            ["config/deploy.yml", ".kamal/secrets", .. Hooks.Select(hook => $".kamal/hooks/{hook}{ending}.sample")],
            files.Select(file => file.Path));
        Assert.All(files, file => Assert.Equal(HostOutcome.Succeeded, file.Outcome));
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(_project.Root, file.Path))));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(_project.Root, ".kamal/secrets")));
            Assert.True(File.GetUnixFileMode(Path.Combine(_project.Root, $".kamal/hooks/pre-build{ending}.sample"))
                .HasFlag(UnixFileMode.UserExecute));
        }
    }

    [Fact]
    public async Task What_it_writes_is_valid()
    {
        Initialize();
        Assert.Empty((await _project.CheckAsync()).Problems);
        Assert.Equal("my-app", (await _project.LoadAsync()).Service);
    }

    [Fact]
    public async Task Nothing_is_written_over()
    {
        _project.Write("config/deploy.yml", "mine").Write(".kamal/secrets", "mine").Write(".kamal/hooks/pre-build", "mine");
        var files = Initialize();
        Assert.Equal([HostOutcome.Skipped, HostOutcome.Skipped], files.Select(file => file.Outcome));
        foreach (var path in new[] { "config/deploy.yml", ".kamal/secrets", ".kamal/hooks/pre-build" })
        {
            Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_project.Root, path), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void A_preview_writes_nothing()
    {
        Assert.All(Initialize(preview: true), file => Assert.Equal(HostOutcome.Previewed, file.Outcome));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_project.Root));
    }

    public void Dispose() => _project.Dispose();
}
