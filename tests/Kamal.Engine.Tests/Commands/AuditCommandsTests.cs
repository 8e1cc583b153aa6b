using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class AuditCommandsTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 4, 4, 5, TimeSpan.FromHours(1));

    [Theory]
    [InlineData("app removed container", null, null, "'[2026-01-02T03:04:05Z] [ada@example.com] app removed container'", "app")]
    [InlineData("app removed container", "web", null, "'[2026-01-02T03:04:05Z] [ada@example.com] [web] app removed container'", "app")]
    [InlineData("app removed container", "web", "staging",
        "'[2026-01-02T03:04:05Z] [ada@example.com] [staging] [web] app removed container'", "app-staging")]
    [InlineData("it's $x\nand `y`", null, null, "'[2026-01-02T03:04:05Z] [ada@example.com] it'\\''s $x\\nand `y`'", "app")]
    [InlineData("with hush in it", null, null, "'[2026-01-02T03:04:05Z] [ada@example.com] with *** in it'", "app")]
    public async Task A_line_is_appended(string message, string? role, string? destination, string line, string name)
    {
        var audit = new AuditCommands(
            await ConfigurationFixture.LoadWithAsync("", destination), "ada@example.com", At,
            text => text.Replace("hush", "***", StringComparison.Ordinal));
        Assert.Equal(
            $"umask 077 && {{ '[' -d .kamal ']' || mkdir -p .kamal ; }} && {{ '[' '!' -O .kamal/{name}-audit.log ']' || chmod 600 "
                + $".kamal/{name}-audit.log ; }} "
            + $"&& printf '%s\\n' {line} >> .kamal/{name}-audit.log",
            audit.Record(message, role).Text);
    }

    [Fact]
    public async Task The_last_lines_are_read() => Assert.Equal(
        "tail -n 50 .kamal/app-audit.log", new AuditCommands(await ConfigurationFixture.LoadWithAsync(""), "ada", At).Reveal(50).Text);
}
