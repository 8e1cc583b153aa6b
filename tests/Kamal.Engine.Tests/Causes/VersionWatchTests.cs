using Kamal.Engine.Causes;
using Xunit;

namespace Kamal.Engine.Tests.Causes;

public sealed class VersionWatchTests
{
    private const string Service = "shop-web";
    private const string New = "bbbbbbbbbbbb0123";

    private readonly VersionWatch _watch = new(
        new("shop-web-v2", TimeSpan.FromSeconds(30)) { Id = "bbbbbbbbbbbb", HostName = "1.1.1.1", Port = 80 }, MaxErrorRate: 1)
    {
        Version = "v2",
        OldVersion = "v1",
    };

    [Theory]
    [InlineData(100, 0, 100, 0, true, false)]
    [InlineData(100, 1, 100, 0, true, false)]
    [InlineData(1000, 11, 100, 0, false, true)]
    [InlineData(1000, 10, 100, 0, true, false)]
    [InlineData(1000, 35, 1000, 30, true, false)]
    [InlineData(1000, 50, 1000, 30, true, true)]
    [InlineData(40, 4, 100, 0, false, false)]
    [InlineData(40, 4, 100, 0, true, true)]
    [InlineData(30, 1, 100, 0, true, false)]
    [InlineData(1, 1, 0, 0, false, false)]
    [InlineData(1, 1, 0, 0, true, true)]
    [InlineData(0, 0, 0, 0, true, false)]
    public void Too_many_errors_are_more_than_the_limit_beyond_the_old_version(
        int requests, int errors, int before, int errorsBefore, bool isLast, bool found)
    {
        var cause = _watch.Judge(new() { Status = "running" }, Watched(requests, errors, before, errorsBefore), isLast);

        Assert.Equal(found ? CauseName.TooManyErrors : null, cause?.Name);
    }

    [Fact]
    public void The_evidence_compares_both_versions()
    {
        var cause = _watch.Judge(new ContainerEvidence { Status = "running" }.WithLog("a\nb\nc"), Watched(120, 12, 240, 1), isLast: false)!;

        Assert.Equal(
            "shop-web-v2 answers 10% of its requests with a server error (5xx); v1 had 0.42%, and the limit is 1% more", cause.Message);
        Assert.Equal(
            [
                "v2: 12 of 120 requests got 5xx (10%), 95% took at most 20 ms",
                "v1: 1 of 240 requests got 5xx (0.42%), 95% took at most 10 ms", "log: b", "log: c",
            ],
            cause.Evidence);
        Assert.Contains("kamal app logs --container-id bbbbbbbbbbbb -h 1.1.1.1", cause.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 0 \n{\"Status\":\"exited\",\"ExitCode\":3}", CauseName.Crashes)]
    [InlineData("1 7 10.0.0.2\n{\"Status\":\"running\"}\ndie 1", CauseName.Crashes)]
    [InlineData("1 7 10.0.0.2\n{\"Status\":\"running\",\"OOMKilled\":false}\noom \ndie 137", CauseName.OutOfMemory)]
    [InlineData("0 7 10.0.0.2\n{\"Status\":\"running\"}\noom ", CauseName.OutOfMemory)]
    public void A_restart_or_an_end_is_enough(string state, CauseName name)
    {
        var cause = _watch.Judge(new ContainerEvidence().WithState(state), Watched(10, 0, 10, 0), isLast: false);

        Assert.Equal(name, cause?.Name);
        Assert.Contains("v2: 0 of 10 requests got 5xx (0%), 95% took at most 20 ms", cause!.Evidence);
    }

    [Fact]
    public void A_worker_has_no_requests() => Assert.Null(_watch.Judge(new() { Status = "running" }, null, isLast: true));

    [Fact]
    public void What_the_proxy_refuses_since_the_switch_counts_for_the_new_version()
    {
        var first = RequestSummary.Parse($"{Service}\t\t5\t5\t1\t1\t1\n", TimeSpan.Zero);
        var now = RequestSummary.Parse(
            $"{Service}\t\t9\t8\t1\t1\t1\n{Service}\tbbbbbbbbbbbb:80\t10\t1\t1\t1\t1\nother\t\t7\t7\t1\t1\t1\n", TimeSpan.Zero);

        var watched = WatchedRequests.Of(now, first, Service, New, null);

        Assert.Equal((14, 4, null), (watched.New.Requests, watched.New.Errors, watched.Old));
    }

    [Theory]
    [InlineData(500, 100, 100, true)]
    [InlineData(500, 100, 10, false)]
    [InlineData(190, 100, 100, false)]
    [InlineData(40, 10, 100, false)]
    public void Slowness_is_reported_but_is_not_a_reason_to_go_back(int slow, int slowBefore, int requests, bool told)
    {
        var watched = new WatchedRequests(
            Figures(requests, 0, slow), new(Service, "", requests, 0) { Slow = TimeSpan.FromMilliseconds(slowBefore) });

        Assert.Equal(told, _watch.Slowness(watched) is not null);
        Assert.Null(_watch.Judge(new() { Status = "running" }, watched, isLast: true));
    }

    private static WatchedRequests Watched(int requests, int errors, int before, int errorsBefore) =>
        new(Figures(requests, errors, 20), before == 0 ? null : Figures(before, errorsBefore, 10));

    private static RequestFigures Figures(int requests, int errors, int slow) =>
        new(Service, "", requests, errors) { Slow = TimeSpan.FromMilliseconds(slow) };
}
