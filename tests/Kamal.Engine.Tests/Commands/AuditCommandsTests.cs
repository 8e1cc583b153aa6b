using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
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
            + $"&& printf '%s\\n' {line} >> .kamal/{name}-audit.log "
            + "|| { df -P -k .kamal 2>/dev/null | awk 'END { if (NR > 1 && $4 < 1024) "
            + "print \"no space left on device: \" $4 \" KiB are free on \" $6 }' >&2 ; exit 1 ; }",
            audit.Record(message, role).Text);
    }

    [Theory]
    [InlineData("0", CauseName.DiskFull,
        "the disk is full: 'record' failed with exit code 1: no space left on device: 0 KiB are free on /k")]
    [InlineData("2048", null, "'record' failed with exit code 1.")]
    [Trait("Category", "Linux")]
    public async Task A_full_file_system_is_named(string free, CauseName? cause, string message)
    {
        using var host = new FolderHost();
        var audit = new AuditCommands(await ConfigurationFixture.LoadWithAsync(""), "ada", At);

        var failure = (await host.RunAsync([new Step("record", ShellCommand.Raw(
            $"df() {{ echo Header; echo x 9 9 {free} 99% /k; }}; printf() {{ return 1; }}; {audit.Record("Pulled")}"))])).Failure;

        Assert.Equal(cause, failure?.Cause?.Name);
        Assert.EndsWith(message, failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Boots_are_read() => Assert.Equal(
        "tail -n 1000 .kamal/app-audit.log 2>/dev/null | grep -F '] Booted app version ' || true",
        new AuditCommands(await ConfigurationFixture.LoadWithAsync(""), "ada", At).Boots().Text);

    [Fact]
    public async Task The_last_lines_are_read() => Assert.Equal(
        "tail -n 50 .kamal/app-audit.log", new AuditCommands(await ConfigurationFixture.LoadWithAsync(""), "ada", At).Reveal(50).Text);
}
