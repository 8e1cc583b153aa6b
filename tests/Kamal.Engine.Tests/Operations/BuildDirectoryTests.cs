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
        await GitAsync(_project, "config", "core.autocrlf", "true");
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
    public async Task Uncommitted_changes_give_one_warning()
    {
        await CommitAsync("init", "-b", "main");
        _project.Write("file", "two");
        await PrepareAsync();
        Assert.Single(Warnings());
    }

    [Fact]
    public async Task The_working_tree_is_built_if_a_context_is_set()
    {
        _project.Write("config/deploy.yml", ConfigurationFixture.Combine("builder: { arch: amd64, context: . }\n"));
        await CommitAsync("init", "-b", "main");
        _project.Write("file", "two");
        Assert.Equal(_project.Root, await PrepareAsync());
        Assert.Contains("M file", Assert.Single(Warnings()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submodules_are_checked_out_at_their_commits(bool again)
    {
        using var library = new ConfigurationFixture().Write("part", "one");
        await CommitAsync(library, "init", "-b", "main");
        await CommitAsync("init", "-b", "main");
        await GitAsync(_project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.Root, "lib");
        await CommitAsync();
        // By default, git does not clone submodules from local paths.
        _runner = new ConfiguredRunner(("protocol.file.allow", "always"));
        if (again) await PrepareAsync();
        library.Write("part", "two");
        await CommitAsync(library);
        await GitAsync(_project, "-C", "lib", "pull", "-q", "origin", "main");
        await CommitAsync();
        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(await PrepareAsync(), "lib", "part"), Token));
        Assert.Empty(Warnings());
    }

    [Fact]
    public async Task Nested_submodules_of_an_existing_clone_are_updated()
    {
        using var inner = new ConfigurationFixture().Write("part", "one");
        using var outer = new ConfigurationFixture().Write("x", "x");
        await CommitAsync(inner, "init", "-b", "main");
        await CommitAsync(outer, "init", "-b", "main");
        await CommitAsync("init", "-b", "main");
        await GitAsync(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.Root, "inner");
        await CommitAsync(outer);
        await GitAsync(_project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", outer.Root, "lib");
        await CommitAsync();
        _runner = new ConfiguredRunner(("protocol.file.allow", "always"));
        await File.WriteAllTextAsync(Path.Combine(await PrepareAsync(), ".git", "mark"), "", Token);
        inner.Write("part", "two");
        await CommitAsync(inner);
        await GitAsync(outer, "-C", "inner", "pull", "-q", "origin", "main");
        await CommitAsync(outer);
        await GitAsync(_project, "-C", "lib", "pull", "-q", "origin", "main");
        await CommitAsync();
        var directory = await PrepareAsync();
        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(directory, "lib", "inner", "part"), Token));
        Assert.True(File.Exists(Path.Combine(directory, ".git", "mark")));
        Assert.Empty(Warnings());
    }

    [Fact]
    public async Task A_folder_of_a_repository_is_built_in_that_folder_of_the_clone()
    {
        _project.Write("apps/shop/config/deploy.yml", ConfigurationFixture.Minimal).Write("apps/shop/file", "two");
        await CommitAsync("init", "-b", "main");
        using var shop = new ConfigurationFixture(Path.Join(_project.Root, "apps", "shop"));
        var directory = await PrepareAsync(shop);
        _clone = Path.Combine(directory, "..", "..");
        Assert.EndsWith(Path.Join(Path.GetFileName(_project.Root), "apps", "shop"), directory, StringComparison.Ordinal);
        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(directory, "file"), Token));
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(_clone, "file"), Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worktree_and_a_shallow_clone_are_built(bool isWorktree)
    {
        await CommitAsync("init", "-b", "main");
        await CommitAsync();
        using var parent = new ConfigurationFixture();
        var at = Path.Join(parent.Root, "copy");
        if (isWorktree) await GitAsync(_project, "worktree", "add", "-q", at, "-b", "side");
        else await GitAsync(_project, "clone", "-q", "--depth", "1", new Uri(_project.Root).AbsoluteUri, at);
        using var copy = new ConfigurationFixture(at);
        foreach (var text in (string[])["two", "three"])
        {
            copy.Write("file", text);
            await CommitAsync(copy);
            var directory = await PrepareAsync(copy);
            Assert.Equal(text, await File.ReadAllTextAsync(Path.Combine(directory, "file"), Token));
        }

        Assert.Empty(Warnings());
    }

    [Fact]
    public async Task Without_a_repository_the_project_itself_is_built() => Assert.Equal(_project.Root, await PrepareAsync());

    public void Dispose()
    {
        _project.Dispose();
        if (_clone is not null) Directory.Delete(Path.GetDirectoryName(_clone)!, recursive: true);
    }

    private IEnumerable<string> Warnings() => _sink.Events.OfType<Events.MessageEmitted>()
        .Where(message => message.Severity == Events.MessageSeverity.Warning).Select(message => message.Text);

    private async Task<string> PrepareAsync(ConfigurationFixture? project = null)
    {
        var configuration = await (project ?? _project).LoadAsync();
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

    private Task CommitAsync(params LocalText[] first) => CommitAsync(_project, first);

    private static async Task CommitAsync(ConfigurationFixture project, params LocalText[] first)
    {
        if (first.Length > 0) await GitAsync(project, first);
        await GitAsync(project, "add", "-A");
        await GitAsync(
            project, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-q", "--allow-empty", "-m", "a change");
    }

    private static async Task GitAsync(ConfigurationFixture project, params LocalText[] arguments) =>
        (await new LocalRunner().RunAsync(LocalCommand.Of("git", arguments) with { WorkingDirectory = project.Root }, null, Token))
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
