using Kamal.Engine.Results;
using Kamal.Streams;

namespace Kamal.Tests.Streams;

public sealed class RoundViewTests
{
    [Theory]
    [InlineData("Get-KamalStatus -Watch", 1, false)]
    [InlineData("Push-Location x; Get-KamalStatus -Watch", 18, false)]
    [InlineData("Get-KamalStatus -Watch > status.txt", 1, true)]
    [InlineData("$all = Get-KamalStatus -Watch", 8, true)]
    [InlineData("@(Get-KamalStatus -Watch).Count", 3, true)]
    [InlineData("\"$(Get-KamalStatus -Watch)\"", 4, true)]
    [InlineData("", 0, false)]
    public void An_assignment_or_redirection_gets_objects(string line, int column, bool redirected) =>
        Assert.Equal(redirected, RoundView.IsRedirected(line, column));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59.9, "59s")]
    [InlineData(61, "1m")]
    [InlineData(3_660, "1h")]
    [InlineData(273_600, "3d")]
    public void An_age_is_short(double seconds, string text) => Assert.Equal(text, ShownText.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0L, "0K")]
    [InlineData(10L << 20, "10M")]
    [InlineData(12_900_000L, "12.3M")]
    [InlineData(181_000_000L, "173M")]
    [InlineData(1_610_612_736L, "1.5G")]
    public void A_size_is_short(long bytes, string text) => Assert.Equal(text, ShownText.Size(bytes));

    public static TheoryData<string, KamalStatus> Statuses => new()
    {
        { "healthy", Of("running", "healthy") },
        { "running", Of("running", null) with { Restarts = 0, IsLocked = false, InMaintenance = false } },
        { "running, not routed, locked", Of("running", null) with { Problem = "not routed", IsLocked = true } },
        { "healthy, 1 restart", Of("running", "healthy") with { Restarts = 1 } },
        { "maintenance, 12 restarts, locked",
            Of("running", "healthy") with { InMaintenance = true, Restarts = 12, IsLocked = true, LockedBy = "Ada" } },
        { "exited (137)", Of("exited", "unhealthy") with { Problem = "exit code 137", ExitCode = 137 } },
        { "restarting (1), 3 restarts", Of("restarting", null) with { Problem = "exit code 1", ExitCode = 1, Restarts = 3 } },
        { "no container", Of(null, null) with { Problem = "no container" } },
        { "no answer for 12s, locked", Of(null, null) with { Problem = "no answer for 12s", IsLocked = true } },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void A_status_says_the_state_or_what_is_wrong_and_what_else_there_is_to_know(string text, KamalStatus status) =>
        Assert.Equal(text, ShownText.Status(status, null));

    private static KamalStatus Of(string? state, string? health) => new("1.1.1.1", "web") { State = state, Health = health };
}
