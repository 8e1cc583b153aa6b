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
    [InlineData(1_610_612_736L, "1.5G")]
    public void A_size_is_short(long bytes, string text) => Assert.Equal(text, ShownText.Size(bytes));

    [Fact]
    public void A_note_has_the_problem_maintenance_and_the_lock() =>
        Assert.Equal(
            "not routed, maintenance, locked",
            ShownText.Note(new("1.1.1.1", "web") { Problem = "not routed", InMaintenance = true, IsLocked = true, LockedBy = "Ada" }));
}
