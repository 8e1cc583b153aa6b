using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kamal.Engine.Causes;
using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

/// <summary>The figures of the proxy's request log: the command's text, and what a real awk counts.</summary>
public sealed class RequestLogTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Only_figures_leave_the_host()
    {
        var figures = RequestLog.Figures("60s").Text;

        Assert.StartsWith(
            "docker logs --since 60s kamal-proxy 2>/dev/null | grep -F '\"msg\":\"Request\"' | awk 'function value(key, at, rest) { ",
            figures, StringComparison.Ordinal);
        Assert.DoesNotContain("path", figures, StringComparison.Ordinal);
        Assert.DoesNotContain("query", figures, StringComparison.Ordinal);
        Assert.Equal(
            "date +%s ; docker logs --timestamps kamal-proxy 2>&1 | head -n 1 | cut -d ' ' -f 1 ; " + figures,
            RequestLog.Summary(Minute).Text);
    }

    [Fact]
    [Trait("Category", "Linux")]
    public async Task It_counts_requests_errors_and_times_for_each_target()
    {
        var log = Enumerable.Range(1, 100).Select(i => Line("shop-web", "aaaaaaaaaaaa:80", i % 10 == 0 ? 502 : 200, i))
            .Append(Line("shop-web", "bbbbbbbbbbbb:80", 500, 5)).Append(Line("shop-web", "", 503, 1))
            .Append(Line("other", "cccccccccccc:3000", 499, 1))
            .Append("""{"time":"2026-01-01T00:00:00Z","level":"INFO","msg":"Deployed","service":"shop-web","status":500}""")
            .Append("not JSON");

        var summary = RequestSummary.Parse(await CountAsync(log), Minute);

        var old = summary.Of("shop-web", "aaaaaaaaaaaa0123456789")!;
        Assert.Equal((100, 10, 10.0), (old.Requests, old.Errors, old.ErrorRate));
        Assert.InRange(old.Median.TotalMilliseconds, 45, 55);
        Assert.InRange(old.Slow.TotalMilliseconds, 88, 100);
        Assert.Equal(100, old.Slowest.TotalMilliseconds);
        Assert.Equal((1, 1), (summary.Of("shop-web", "bbbbbbbbbbbb")!.Requests, summary.Of("shop-web", "bbbbbbbbbbbb")!.Errors));
        Assert.Equal((102, 12), (summary.Of("shop-web").Requests, summary.Of("shop-web").Errors));
        Assert.Equal((1, 0), (summary.Of("other").Requests, summary.Of("other").Errors));
        Assert.Equal(0, summary.Of("none").Requests);
    }

    [Theory]
    [Trait("Category", "Linux")]
    [InlineData("/\",\"status\":500,\"target\":\"x:1\",\"msg\":\"Request")]
    [InlineData("/\\\",\"status\":500,\"duration\":999999999999")]
    [InlineData("'; touch /tmp/x; '")]
    [InlineData("$(reboot)\t\n\u001b[2J")]
    public async Task A_request_cannot_fake_another_one(string text)
    {
        var summary = RequestSummary.Parse(await CountAsync([Line("shop-web", "aaaaaaaaaaaa:80", 200, 3, text)]), Minute);

        var figures = Assert.Single(summary.Figures);
        Assert.Equal(("shop-web", "aaaaaaaaaaaa:80", 1, 0), (figures.Service, figures.Target, figures.Requests, figures.Errors));
        Assert.Equal(3, figures.Slowest.TotalMilliseconds);
    }

    private static string Line(string service, string target, int status, int milliseconds, string path = "/") =>
        string.Create(CultureInfo.InvariantCulture,
            $"{{\"time\":\"2026-01-01T00:00:00Z\",\"level\":\"INFO\",\"msg\":\"Request\",\"host\":\"x\",")
        + $"\"path\":{JsonSerializer.Serialize(path)},"
        + string.Create(CultureInfo.InvariantCulture,
            $"\"status\":{status},\"service\":\"{service}\",\"target\":\"{target}\",\"duration\":{milliseconds * 1_000_000L},")
        + $"\"user_agent\":{JsonSerializer.Serialize(path)}}}";

    /// <summary>Counts with this machine's awk; docker is a function that prints the log.</summary>
    private static async Task<string> CountAsync(IEnumerable<string> log)
    {
        Assert.SkipUnless(File.Exists("/bin/sh") && File.Exists("/usr/bin/awk"), "There is no awk here.");
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("docker() { cat; }; " + RequestLog.Figures("60s").Text);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(string.Join('\n', log));
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return output;
    }
}
