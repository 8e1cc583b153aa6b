using Kamal.Engine.Local;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

[Trait("Category", "Linux")]
public sealed class BuildDirectoryTests : IDisposable
{
    private readonly ConfigurationFixture _project = new ConfigurationFixture()
        .Write("config/deploy.yml", ConfigurationFixture.Minimal).Write("file", "one");
    private readonly RecordingSink _sink = new();
    private ILocalRunner _runner = new LocalRunner();
    private string? _clone;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_committed_state_is_built()
    {
        await CommitAsync("init", "-b", "main");
        _project.Write("file", "two");
        _project.Write("untracked", "x");
        var directory = await PrepareAsync();
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(directory, "file"), Token));
        Assert.False(File.Exists(Path.Combine(directory, "untracked")));
        Assert.Contains(_sink.Events.OfType<Events.MessageEmitted>(), message => message.Text.Contains("M file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clone_that_is_there_is_brought_to_the_commit_and_cleaned()
    {
        await CommitAsync("init", "-b", "main");
        var directory = await PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(directory, "file"), "dirt", Token);
        await File.WriteAllTextAsync(Path.Combine(directory, "left over"), "", Token);
        _project.Write("file", "two");
        await CommitAsync();
        Assert.Equal(directory, await PrepareAsync());
        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(directory, "file"), Token));
        Assert.False(File.Exists(Path.Combine(directory, "left over")));
    }

    [Fact]
    public async Task A_clone_that_is_broken_is_made_anew()
    {
        await CommitAsync("init", "-b", "main");
        var directory = await PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(directory, ".git", "HEAD"), "nonsense", Token);
        Assert.Equal(directory, await PrepareAsync());
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(directory, "file"), Token));
    }

    [Fact]
    public async Task Files_are_built_as_they_are_committed_whatever_git_is_told_on_this_machine()
    {
        _project.Write(".gitattributes", "* text=auto\n");
        _project.Write("file", "one\ntwo\n");
        await CommitAsync("init", "-b", "main");
        await GitAsync("config", "core.autocrlf", "true");
        _runner = new ConfiguredRunner(("core.autocrlf", "true"), ("core.eol", "crlf"));
        var directory = await PrepareAsync();
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(directory, "file"), Token));
        Assert.Equal(directory, await PrepareAsync());
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(directory, "file"), Token));
    }

    [Fact]
    public async Task A_clone_that_an_earlier_version_made_with_other_line_ends_is_made_anew()
    {
        _project.Write("file", "one\ntwo\n");
        await CommitAsync("init", "-b", "main");
        var directory = await PrepareAsync();
        await new LocalRunner().RunAsync(LocalCommand.Of("git", "-C", directory, "config", "core.autocrlf", "true"), null, Token);
        File.Delete(Path.Combine(directory, "file"));
        await new LocalRunner().RunAsync(LocalCommand.Of("git", "-C", directory, "checkout", "file"), null, Token);
        Assert.Equal("one\r\ntwo\r\n", await File.ReadAllTextAsync(Path.Combine(directory, "file"), Token));
        Assert.Equal(directory, await PrepareAsync());
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(directory, "file"), Token));
    }

    [Fact]
    public async Task Symbolic_links_that_git_cannot_make_are_named()
    {
        File.CreateSymbolicLink(Path.Combine(_project.Root, "current"), "file");
        await CommitAsync("init", "-b", "main");
        var directory = await PrepareAsync();
        await new LocalRunner().RunAsync(LocalCommand.Of("git", "-C", directory, "config", "core.symlinks", "false"), null, Token);
        await PrepareAsync();
        Assert.Contains(
            _sink.Events.OfType<Events.MessageEmitted>(),
            message => message.Text.Contains("symbolic links: current.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_clone_is_in_a_directory_of_the_accounts_own()
    {
        await CommitAsync("init", "-b", "main");
        var hash = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(_project.Root)))[..13];
        Assert.Equal(
            Path.Join(OwnDirectory.Cache, "kamal-powershell", "clones", "app-" + hash, Path.GetFileName(_project.Root)),
            await PrepareAsync());
    }

    [Fact]
    public async Task No_other_account_can_replace_the_clone()
    {
        await CommitAsync("init", "-b", "main");
        var clone = await PrepareAsync();
        if (OperatingSystem.IsWindows()) return;
        var closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        for (var at = Path.GetDirectoryName(clone)!; at != OwnDirectory.Cache; at = Path.GetDirectoryName(at)!)
        {
            Assert.Equal(closed, File.GetUnixFileMode(at));
        }
    }

    [Fact]
    public async Task Without_a_repository_the_project_itself_is_built() => Assert.Equal(_project.Root, await PrepareAsync());

    public void Dispose()
    {
        _project.Dispose();
        if (_clone is not null) Directory.Delete(Path.GetDirectoryName(_clone)!, recursive: true);
    }

    private async Task<string> PrepareAsync()
    {
        var configuration = await _project.LoadAsync();
        var run = new Run(
            new()
            {
                Configuration = configuration,
                Selection = new(configuration),
                Fleet = new RecordingFleet(_sink),
                Local = _runner,
                Secrets = new FixedSecrets(),
            }, _sink, Token);
        var directory = await new BuildDirectory(run).PrepareAsync();
        if (directory != _project.Root) _clone = directory;
        return directory;
    }

    private async Task CommitAsync(params LocalText[] first)
    {
        if (first.Length > 0) await GitAsync(first);
        await GitAsync("add", "-A");
        await GitAsync("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", "a change");
    }

    private async Task GitAsync(params LocalText[] arguments) =>
        (await new LocalRunner().RunAsync(LocalCommand.Of("git", arguments) with { WorkingDirectory = _project.Root }, null, Token))
            .EnsureSucceeded();

    /// <summary>Runs git with settings as of the machine.</summary>
    private sealed class ConfiguredRunner(params (string Key, string Value)[] settings) : ILocalRunner
    {
        private readonly LocalRunner _inner = new();

        public Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
        {
            command = command.WithVariable("GIT_CONFIG_COUNT", settings.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
            for (var i = 0; i < settings.Length; i++)
            {
                command = command.WithVariable($"GIT_CONFIG_KEY_{i}", settings[i].Key)
                    .WithVariable($"GIT_CONFIG_VALUE_{i}", settings[i].Value);
            }

            return _inner.RunAsync(command, lines, cancellationToken);
        }
    }
}
