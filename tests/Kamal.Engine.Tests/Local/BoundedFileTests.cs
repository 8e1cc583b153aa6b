using System.Diagnostics;
using Kamal.Adapters.Yaml;
using Kamal.Common;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;
using Kamal.Engine.Secrets;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Local;

/// <summary>Files that never end, or never begin: every one of ours is read within bounds, and stopped at once.</summary>
[Trait("Category", "Linux")]
public sealed class BoundedFileTests : IDisposable
{
    private readonly ConfigurationFixture _project = new ConfigurationFixture().Write("config/deploy.yml", ConfigurationFixture.Minimal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task A_named_pipe_without_a_writer_is_given_up_when_it_is_stopped()
    {
        var pipe = Pipe("pipe");
        using var stop = new CancellationTokenSource();
        var reading = BoundedFile.ReadAsync(pipe, 100, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public void A_named_pipe_without_a_writer_is_named_in_the_error()
    {
        var error = Assert.Throws<IOException>(() => BoundedFile.Read(Pipe("pipe"), 100));
        Assert.Contains("is a named pipe; reading it did not finish within", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_pipe_with_a_writer_is_read()
    {
        var pipe = Pipe("pipe");
        var reading = BoundedFile.ReadTextAsync(pipe, 100, Token);
        await File.WriteAllTextAsync(pipe, "text", Token);
        Assert.Equal("text", await reading);
    }

    [Fact]
    public async Task A_device_without_an_end_is_too_large()
    {
        Assert.Contains(
            "larger than 1 MiB",
            (await Assert.ThrowsAsync<IOException>(() => BoundedFile.ReadAsync("/dev/zero", 1024 * 1024, Token))).Message,
            StringComparison.Ordinal);
        Assert.Empty(await BoundedFile.ReadAsync("/dev/null", 1, Token));
        Assert.Empty(BoundedFile.Read("/dev/null", 1));
    }

    [Fact]
    public async Task A_plain_file_has_its_bound()
    {
        _project.Write("file", "12345");
        Assert.Equal("12345", await BoundedFile.ReadTextAsync(Path.Combine(_project.Root, "file"), 5, Token));
        Assert.Contains(
            "larger than 4 bytes",
            (await Assert.ThrowsAsync<IOException>(() => BoundedFile.ReadAsync(Path.Combine(_project.Root, "file"), 4, Token))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "larger than 4 bytes",
            Assert.Throws<IOException>(() => BoundedFile.Read(Path.Combine(_project.Root, "file"), 4)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_and_its_secrets_are_read_like_that()
    {
        using var stop = new CancellationTokenSource();
        Pipe("pipe.yml");
        var loading = new ConfigurationLoader(new YamlReader())
            .LoadAsync(new() { ProjectDirectory = _project.Root, ConfigFile = "pipe.yml" }, stop.Token);
        Directory.CreateDirectory(Path.Combine(_project.Root, ".kamal"));
        Pipe(".kamal/secrets");
        using var store = new SecretStore(new(_project.Root, ".kamal/secrets", null), new LocalRunner());
        var secret = store.GetAsync("X", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => secret);
        var error = await Assert.ThrowsAsync<KamalException>(() =>
            new ConfigurationLoader(new YamlReader())
                .LoadAsync(new() { ProjectDirectory = _project.Root, ConfigFile = "/dev/zero" }, Token));
        Assert.Equal(KamalErrorId.FileUnavailable, error.Id);
        Assert.Contains("larger than 8 MiB", error.Message, StringComparison.Ordinal);
    }

    private string Pipe(string name)
    {
        var path = Path.Combine(_project.Root, name);
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        return path;
    }
}
