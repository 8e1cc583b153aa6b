using Kamal.Engine.Causes;
using Xunit;

namespace Kamal.Engine.Tests.Causes;

public sealed class RequestSummaryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("1767225660\n2026-01-01T00:00:00.123456789Z\n", 59.9)]
    [InlineData("1767225660\n2025-12-01T00:00:00Z\n", 60)]
    [InlineData("1767225660\n2026-01-01T00:00:59.9Z\n", 1)]
    [InlineData("1767225660\n", 60)]
    [InlineData("", 60)]
    [InlineData("99999999999999999\nError: no such container\n", 60)]
    public void The_window_begins_with_the_log(string output, double seconds) =>
        Assert.Equal(seconds, Math.Round(RequestSummary.Parse(output, Minute).Window.TotalSeconds, 1));

    [Theory]
    [InlineData("a\tb\t1")]
    [InlineData("a\tb\t1\t0\t-1\t0\t0")]
    [InlineData("a\tb\tx\t0\t0\t0\t0")]
    public void A_line_of_another_form_is_left_out(string line) => Assert.Empty(RequestSummary.Parse(line, Minute).Figures);
}
