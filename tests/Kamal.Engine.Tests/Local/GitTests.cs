using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

[Trait("Category", "Linux")]
public sealed class GitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-git").FullName;
    private readonly RecordingRunner _runner = new() { Inner = new LocalRunner() };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Facts_of_a_repository_cost_one_call_together()
    {
        var revision = await Repository();
        var git = new Git(_runner, _folder);
        Assert.True(await git.IsRepositoryAsync(Token));
        Assert.Equal(_folder, await git.RootAsync(Token));
        Assert.Equal(revision, await git.RevisionAsync(Token));
        Assert.Equal("", await git.PrefixAsync(Token));
        Assert.Single(_runner.Commands);
        Assert.Equal("Ann Ö. Operator", await git.UserNameAsync(Token));
        Assert.Equal("ann@example.org", await git.EmailAsync(Token));
        Assert.Equal(2, _runner.Commands.Count);
    }

    [Fact]
    public async Task A_directory_below_the_top_has_a_prefix()
    {
        var revision = await Repository();
        var below = Directory.CreateDirectory(Path.Combine(_folder, "apps", "the shop")).FullName;
        var git = new Git(_runner, below);
        Assert.Equal("apps/the shop", await git.PrefixAsync(Token));
        Assert.Equal(_folder, await git.RootAsync(Token));
        Assert.Equal(revision, await git.RevisionAsync(Token));
    }

    [Fact]
    public async Task Changes_are_seen()
    {
        await Repository();
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "changed", Token);
        await File.WriteAllTextAsync(Path.Combine(_folder, "neü file"), "", Token);
        var git = new Git(_runner, _folder);
        Assert.Contains("M file", await git.UncommittedChangesAsync(Token), StringComparison.Ordinal);
        Assert.Equal(["file"], await git.ModifiedFilesAsync(Token));
        Assert.Equal(["neü file"], await git.UntrackedFilesAsync(Token));
    }

    [Fact]
    public async Task A_clean_tree_has_no_changes()
    {
        await Repository();
        var git = new Git(_runner, _folder);
        Assert.Equal("", await git.UncommittedChangesAsync(Token));
        Assert.Empty(await git.ModifiedFilesAsync(Token));
    }

    [Fact]
    public async Task Outside_of_a_repository_the_error_says_what_to_do()
    {
        var git = new Git(_runner, _folder);
        Assert.False(await git.IsRepositoryAsync(Token));
        var error = await Assert.ThrowsAsync<KamalException>(() => git.RevisionAsync(Token));
        Assert.Contains("is not inside a git repository", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Recommendation);
    }

    [Fact]
    public async Task A_repository_without_commit_is_one_but_has_no_revision()
    {
        await GitAsync("init", "-q");
        var git = new Git(_runner, _folder);
        Assert.True(await git.IsRepositoryAsync(Token));
        var error = await Assert.ThrowsAsync<KamalException>(() => git.RevisionAsync(Token));
        Assert.Contains("has no commit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_runs_nothing_when_it_is_looked_at()
    {
        await Repository();
        var script = Path.Combine(_folder, "evil");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\ntouch '{_folder}/pwned'\n", Token);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        Directory.CreateDirectory(Path.Combine(_folder, "hooks"));
        File.Copy(script, Path.Combine(_folder, "hooks/post-index-change"));
        foreach (
            var key in (string[])[
                "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass", "diff.external",
                "credential.helper"])
        {
            await GitAsync("config", key, script);
        }
        await GitAsync("config", "core.hooksPath", Path.Combine(_folder, "hooks"));
        File.Delete(Path.Combine(_folder, "pwned"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "changed", Token);

        var git = new Git(new LocalRunner(), _folder);
        await git.RevisionAsync(Token);
        await git.EmailAsync(Token);
        await git.UncommittedChangesAsync(Token);
        await git.ModifiedFilesAsync(Token);
        await git.UntrackedFilesAsync(Token);
        Assert.False(File.Exists(Path.Combine(_folder, "pwned")));
        // The test's own trap works.
        await GitAsync("status", "--porcelain");
        Assert.True(File.Exists(Path.Combine(_folder, "pwned")));
    }

    [Fact]
    public async Task Without_git_there_is_no_repository()
    {
        var git = new Git(new RecordingRunner { Missing = "git" }, _folder);
        Assert.False(await git.IsRepositoryAsync(Token));
    }

    private async Task<string> Repository()
    {
        await GitAsync("init", "-q");
        await GitAsync("config", "user.name", "Ann Ö. Operator");
        await GitAsync("config", "user.email", "ann@example.org");
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "text", Token);
        await GitAsync("add", "file");
        await GitAsync("commit", "-q", "-m", "First");
        return (await GitAsync("rev-parse", "HEAD")).Trim();
    }

    private Task<string> GitAsync(params ReadOnlySpan<LocalText> arguments) =>
        Run(LocalCommand.Of("git", arguments) with { WorkingDirectory = _folder });

    private static async Task<string> Run(LocalCommand command) =>
        (await new LocalRunner().RunAsync(command, null, Token)).EnsureSucceeded().ReadOutput();
}
