using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>A repository that is only looked at runs nothing of its own.</summary>
[Trait("Category", "Linux")]
public sealed class UntrustedRepositoryTests : IDisposable
{
    private readonly ConfigurationFixture _project = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("<%= `touch pwned` %>", "the command touch is not run (-NoTemplateCommand, --no-template-command)")]
    [InlineData("<% x = %x(touch pwned) %>", "the command touch is not run (-NoTemplateCommand, --no-template-command)")]
    public async Task CommandsInTemplatesAreReportedWithTheirLine(string template, string message)
    {
        _project.Write("config/deploy.yml", ConfigurationFixture.Minimal + "labels:\n  x: " + template);
        var problem = Assert.Single((await CheckAsync()).Problems);
        Assert.Equal(("config/deploy.yml", 7), (problem.File, problem.Line));
        Assert.Equal(message, problem.Message);
        Assert.False(File.Exists(Path.Combine(_project.Root, "pwned")));
    }

    [Fact]
    public async Task CommandsInCommentsAreNeitherRunNorReported()
    {
        _project.Write("config/deploy.yml", ConfigurationFixture.Minimal + "# <%= `touch pwned` %>\n# <% x = %x(touch pwned) %>\n");
        Assert.Empty((await CheckAsync()).Problems);
        Assert.False(File.Exists(Path.Combine(_project.Root, "pwned")));
    }

    [Theory]
    [InlineData("X=$(touch pwned)")]
    [InlineData("X=${UNSET:-$(touch pwned)}")]
    [InlineData("X=${UNSET:-${OTHER:-$(touch pwned)}}")]
    [InlineData("Y=${UNSET:-$(touch pwned)}\nX=$Y")]
    public async Task CommandsInDotenvFilesAreNotRun(string file)
    {
        _project.Write(".env", file)
            .Write("config/deploy.yml", "<% Dotenv.load('.env') %>\n" + ConfigurationFixture.Minimal + "labels:\n  x: <%= ENV['X'] %>\n");
        Assert.NotEmpty((await CheckAsync()).Problems);
        Assert.False(File.Exists(Path.Combine(_project.Root, "pwned")));
    }

    /// <summary>Ruby could run anything, so it is not asked.</summary>
    [Fact]
    public async Task RubyIsNotRun()
    {
        _project.Write("config/deploy.yml", ConfigurationFixture.Minimal + "labels:\n  x: <%= Kernel.open('pwned', 'w') && Foo.bar %>\n");
        Assert.Equal(
            "Foo is not supported without Ruby, which is not run (-NoTemplateCommand, --no-template-command)",
            (await CheckAsync()).Problems[^1].Message.Replace("the method .open of Kernel", "Foo", StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(_project.Root, "pwned")));
    }

    [Fact]
    public async Task OtherTemplatesAreEvaluated()
    {
        _project.Write(
            "config/deploy.yml", ConfigurationFixture.Minimal.Replace("dhh/app", "<%= 'dhh' + '/x' %>", StringComparison.Ordinal));
        Assert.Equal("dhh/x", (await CheckAsync()).Configuration!.Image);
    }

    [Fact]
    public async Task AScriptIsReported()
    {
        _project.Write("config/deploy.ps1", "");
        Assert.Contains("does not run", Assert.Single((await CheckAsync()).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GitRunsNoFilter()
    {
        await GitAsync("init", "-q");
        _project.Write("file", "a").Write(".gitattributes", "file filter=evil");
        await GitAsync("add", "-A");
        await GitAsync("config", "filter.evil.clean", "touch pwned; cat");
        _project.Write("file", "b");
        var git = new Git(new LocalRunner(), _project.Root) { RunsFilters = false };
        Assert.Equal("", await git.UncommittedChangesAsync(Token));
        Assert.Empty(await git.ModifiedFilesAsync(Token));
        await git.UntrackedFilesAsync(Token);
        Assert.False(File.Exists(Path.Combine(_project.Root, "pwned")));
    }

    private Task<ConfigurationCheck> CheckAsync() =>
        new ConfigurationLoader(new YamlReader(), new ConfigurationScript())
            .CheckAsync(new() { ProjectDirectory = _project.Root, RunsCommands = false }, Token);

    private async Task GitAsync(params LocalText[] arguments) =>
        (await new LocalRunner().RunAsync(LocalCommand.Of("git", arguments) with { WorkingDirectory = _project.Root }, null, Token))
            .EnsureSucceeded();

    private sealed class ConfigurationScript : IConfigurationScript
    {
        public Task<object?> EvaluateAsync(string path, string? destination, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("It was run.");
    }
}
