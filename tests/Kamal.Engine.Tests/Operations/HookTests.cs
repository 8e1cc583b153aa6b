using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Engine.Operations;
using Kamal.Engine.Secrets;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

[Trait("Category", "Linux")]
public sealed class HookTests : IDisposable
{
    private readonly OperationFixture _fixture = new OperationFixture()
        .Configure("servers: [ 1.1.1.1 ]\nenv: { secret: [ \"TOKEN:API_TOKEN\" ] }\n");

    public void Dispose() => _fixture.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IEnumerable<string> Warnings => _fixture.Sink.Events.OfType<MessageEmitted>()
        .Where(message => message.Severity == MessageSeverity.Warning).Select(message => message.Text);

    [Theory]
    [InlineData("echo ran $0 > out\n")]
    [InlineData("\n# comment\necho ran $0 > out")]
    [InlineData("\uFEFF#!/bin/bash\necho ran $0 > out\n")]
    [InlineData("\uFEFFecho nothing\necho ran $0 > out\n")]
    [InlineData("#!/bin/sh\necho ran $0 > out\n")]
    public async Task A_hook_without_an_interpreter_is_run_by_sh(string text)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        _fixture.Write(".kamal/hooks/pre-build", text);
        var root = (await _fixture.LoadAsync()).ProjectDirectory;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(root, ".kamal/hooks/pre-build"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        await RunAsync("pre-build");
        Assert.Equal($"ran {root}/.kamal/hooks/pre-build\n", await File.ReadAllTextAsync(Path.Combine(root, "out"), Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh\n")]
    public async Task A_hook_that_is_not_executable_is_an_error(string text)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no file modes.");
        _fixture.Write(".kamal/hooks/pre-build", text);
        var error = await Assert.ThrowsAsync<KamalException>(() => RunAsync("pre-build"));
        Assert.Equal(KamalErrorId.HookFailed, error.Id);
        Assert.Contains("executable", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pre-connect")]
    [InlineData("pre-deploy")]
    [InlineData("post-deploy")]
    public async Task A_secret_that_nothing_names_and_whose_command_fails_is_empty_with_one_warning(string hook)
    {
        await WriteAsync(hook, "MASTER=$(cat missing.key)\nCOPY=x$MASTER\nAPI_TOKEN=t0ken\n");
        await RunAsync(hook, withSecrets: true);
        await RunAsync(hook, withSecrets: true);
        var root = (await _fixture.LoadAsync()).ProjectDirectory;
        Assert.Equal("m= c= t=t0ken\n", await File.ReadAllTextAsync(Path.Combine(root, "out"), Token));
        var warning = Assert.Single(Warnings);
        Assert.StartsWith(
            "The secret MASTER (.kamal/secrets:1) has no value: cat in sh ended with exit code 1", warning,
            StringComparison.Ordinal);
        Assert.EndsWith("\nHooks receive it as empty: MASTER, COPY.", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pre-connect", false)]
    [InlineData("pre-deploy", false)]
    [InlineData("post-deploy", true)]
    public async Task A_secret_that_the_configuration_names_is_an_error_unless_the_deploy_is_finished(string hook, bool runs)
    {
        await WriteAsync(hook, "API_TOKEN=$(cat missing.key)\n");
        if (runs)
        {
            await RunAsync(hook, withSecrets: true);
            Assert.Contains("Hooks receive it as empty: API_TOKEN.", Assert.Single(Warnings), StringComparison.Ordinal);
            return;
        }

        var error = await Assert.ThrowsAsync<KamalException>(() => RunAsync(hook, withSecrets: true));
        Assert.Equal(KamalErrorId.SecretUnavailable, error.Id);
        Assert.StartsWith("The secret API_TOKEN (.kamal/secrets:1)", error.Message, StringComparison.Ordinal);
    }

    private Run? _run;

    private async Task RunAsync(string hook, bool withSecrets = false)
    {
        _run ??= new(await _fixture.ContextAsync(_fixture.Fleet) with { Local = new LocalRunner() }, _fixture.Sink, Token);
        await new HookRunner(_run, _run.Context).RunAsync(hook, withSecrets: withSecrets);
    }

    private async Task WriteAsync(string hook, string secrets)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        _fixture.Write($".kamal/hooks/{hook}", "#!/bin/sh\necho m=$MASTER c=$COPY t=$API_TOKEN > out\n").Write(".kamal/secrets", secrets);
        var root = (await _fixture.LoadAsync()).ProjectDirectory;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(root, ".kamal/hooks", hook), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        _fixture.Secrets = new SecretStore(new(root), new LocalRunner());
    }
}
