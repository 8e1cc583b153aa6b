using System.Text.Json;
using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

public sealed class LocalCommandTests
{
    private static readonly LocalCommand Login = LocalCommand.Of(
        "docker", "login", "-u", "me", LocalText.Redacted("--token=hunter2", "--token=[REDACTED]")) with
    {
        Input = StepInput.Of("hunter2", "the registry's password"),
    };

    [Fact]
    public void Display_quotes_for_people_and_hides_secrets()
    {
        var command = Login.Add("a b", LocalText.Secret(new("hunter2"))).WithVariable("TOKEN", LocalText.Secret(new("hunter2")))
            .WithVariable("GONE", null);
        Assert.Equal("TOKEN=[REDACTED] docker login -u me --token=[REDACTED] 'a b' [REDACTED]", command.Display);
    }

    [Fact]
    public void Nothing_shows_a_secret()
    {
        var command = Login.WithVariable("TOKEN", LocalText.Secret(new("hunter2")));
        var result = new LocalResult(command, 1, "hunter2", "hunter2");
        string[] shown =
        [
            command.ToString(), result.ToString(), $"{command.Arguments[3]}", JsonSerializer.Serialize(command.Arguments),
            JsonSerializer.Serialize(result), JsonSerializer.Serialize(command with { Input = null }),
        ];
        Assert.All(shown, text => Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Texts_are_equal_when_value_and_display_are()
    {
        Assert.Equal(LocalText.Plain("a"), "a");
        Assert.NotEqual(LocalText.Plain("a"), LocalText.Redacted("a"));
        Assert.True(LocalText.Redacted("a") == LocalText.Redacted("a"));
    }

    [Fact]
    public async Task A_preview_records_what_changes_something_and_runs_what_looks()
    {
        var preview = new PreviewLocalRunner(new LocalRunner());
        var looked = await preview.RunAsync(LocalCommand.ReadOnly("git", "--version"), null, TestContext.Current.CancellationToken);
        var changed = await preview.RunAsync(LocalCommand.Of("kamal-no-such-program"), null, TestContext.Current.CancellationToken);
        Assert.StartsWith("git version", looked.ReadOutput(), StringComparison.Ordinal);
        Assert.True(changed.Succeeded);
        Assert.Equal(["kamal-no-such-program"], preview.Recorded.Select(command => command.Display));
    }
}
