using System.Management.Automation;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Streams;
using Kamal.Tests.Support;

namespace Kamal.Tests.Streams;

/// <summary>The progress bars of a run.</summary>
public sealed class ProgressBarsTests
{
    private readonly List<ProgressRecord> _records = [];
    private readonly ManualClock _clock = new();
    private readonly ProgressBars _bars;

    public ProgressBarsTests() => _bars = new("Invoke-KamalDeploy", _records.Add, _clock);

    [Fact]
    public void The_step_that_runs_is_shown_also_if_it_began_right_after_another()
    {
        _bars.Follow(Started("web1", "Write the environment file"));
        _clock.Advance(0.01);
        _bars.Follow(Started("web1", "Start the new container"));
        Assert.Equal("Write the environment file", Status("web1"));
        _clock.Advance(0.25);
        _bars.Tick();
        Assert.Equal("Start the new container", Status("web1"));
    }

    [Fact]
    public void A_step_that_waits_says_how_long_it_has_and_may()
    {
        const string name = "Route to the new container once it is healthy";
        _bars.Follow(Started("web1", name, TimeSpan.FromSeconds(30)));
        Assert.Equal(name, Status("web1"));
        _clock.Advance(12.4);
        _bars.Tick();
        Assert.Equal($"{name}: 12 of 30 s", Status("web1"));
        _clock.Advance(30);
        _bars.Tick();
        Assert.Equal($"{name}: 30 of 30 s", Status("web1"));
    }

    [Fact]
    public void A_transfer_shows_how_much_was_sent_to_each_host()
    {
        _bars.Follow(Started("web1", "Transfer the image to the host"));
        _clock.Advance(1);
        _bars.Follow(new TransferProgressed(12_340_000, 49_360_000) { HostName = "web1" });
        Assert.Equal("Transfer the image to the host: 12.3 MB sent of at most 49.4 MB", Status("web1"));
        Assert.Equal(25, _records.Last(record => record.Activity == "web1").PercentComplete);
    }

    [Fact]
    public void What_PowerShell_may_not_have_drawn_is_drawn_with_one_record_more_and_then_nothing_is_written()
    {
        _bars.Follow(Started("web1", "Pull the image"));
        var count = _records.Count;
        _clock.Advance(0.25);
        _bars.Tick();
        Assert.Equal((count + 1, "Invoke-KamalDeploy"), (_records.Count, _records[^1].Activity));
        _clock.Advance(5);
        _bars.Tick();
        Assert.Equal(count + 1, _records.Count);
    }

    [Fact]
    public void Hosts_are_marked_done_while_others_work()
    {
        Do(new PhaseStarted("Pull the image", ["web1", "web2"]));
        Do(Started("web1", "Pull the image"));
        Do(Started("web2", "Pull the image"));
        Assert.Equal("Pull the image: 0 of 2 hosts", Status("Invoke-KamalDeploy"));
        Do(new HostCompleted("Pull the image", 3, false) { HostName = "web1" });
        Assert.Equal("done", Status("web1"));
        Assert.Equal(100, _records.Last(record => record.Activity == "web1").PercentComplete);
        Assert.Equal("Pull the image", Status("web2"));
        Assert.Equal("Pull the image: 1 of 2 hosts", Status("Invoke-KamalDeploy"));
        Do(new HostCompleted("Pull the image", 3, true) { HostName = "web2" });
        Assert.Equal("failed", Status("web2"));
    }

    [Fact]
    public void The_percentage_is_that_of_the_plan_and_never_goes_back()
    {
        Assert.Equal(-1, Percent(new PhaseStarted("Pull", ["web1"])));
        Assert.Equal(0, Percent(new PlanMade(new("Plan", "shop") { StepCount = 10 }), new PhaseStarted("Prepare", ["web1"])));
        Assert.Equal(10, Percent(Started("web1", "One")));
        Assert.Equal(40, Percent(new HostCompleted("Prepare", 4, false) { HostName = "web1" }));
        Assert.Equal(50, Percent(Started("web1", "Two")));
        Assert.Equal(99, Percent(new HostCompleted("Boot", 20, false) { HostName = "web1" }));
    }

    [Fact]
    public void A_build_shows_its_step_with_its_share_and_rate()
    {
        Do(new LocalStarted("docker buildx build --push ."));
        Assert.Equal("docker buildx build --push .", Status("Invoke-KamalDeploy"));
        foreach (var line in (string[])
            ["#5 [2/4] RUN bundle install", "#5 0.412 Fetching gems", "#6 [stage-1 3/4] FROM ruby", "#6 sha256:1a2b 12.6MB / 29.1MB 1.5s"])
        {
            Do(new OutputReceived("build", line));
        }

        Assert.Equal("Build the image", Status("Invoke-KamalDeploy"));
        Assert.Equal("[stage-1 3/4] FROM ruby: 12.6MB of 29.1MB, 8.4 MB/s", Status("build"));
        Assert.Equal(50, _records.Last(record => record.Activity == "build").PercentComplete);
        Do(new PhaseStarted("Pull the image", ["web1"]));
        Assert.Equal(ProgressRecordType.Completed, _records.Last(record => record.Activity == "build").RecordType);
    }

    [Theory]
    [InlineData("  Determining projects to restore...", "Determining projects to restore")]
    [InlineData("  Shop.Web -> /src/bin/Release/net10.0/linux-x64/Shop.Web.dll", "Shop.Web is built")]
    [InlineData("  Building image 'shop' with tags 'v1,latest' on top of base image 'dotnet/aspnet:10.0'.", "Building image 'shop'")]
    public void A_build_with_the_dotnet_sdk_shows_what_it_is_at(string line, string status)
    {
        Do(new LocalStarted("dotnet publish"));
        Do(new OutputReceived("build", line));
        Do(new OutputReceived("build", "    0 Warning(s)"));
        Assert.Equal(status, Status("build"));
    }

    [Fact]
    public void Every_bar_is_removed_at_the_end_and_there_are_never_many()
    {
        var hosts = Enumerable.Range(1, 50).Select(number => $"web{number}").ToList();
        Do(new PhaseStarted("Pull the image", hosts));
        foreach (var host in hosts) Do(Started(host, "Pull the image"));
        _bars.Complete();
        Assert.Equal(21, _records.Select(record => record.ActivityId).Distinct().Count());
        Assert.All(
            _records.GroupBy(record => record.ActivityId),
            bar => Assert.Equal(ProgressRecordType.Completed, bar.Last().RecordType));
        var count = _records.Count;
        _bars.Tick();
        _bars.Complete();
        Assert.Equal(count, _records.Count);
    }

    [Theory]
    [InlineData("Continue", true)]
    [InlineData("SilentlyContinue", false)]
    [InlineData("Ignore", false)]
    public void A_run_is_silent_where_the_preference_says_so(string preference, bool isShown)
    {
        using var session = new TestSession();
        session.Run($"Import-Module '{typeof(InvokePumpTestCommand).Assembly.Location}'");
        Func<IRunSink, CancellationToken, Task<object>> work = (sink, _) =>
        {
            sink.Emit(Started("web1", "Pull the image"));
            return Task.FromResult<object>("end");
        };
        session.Runspace.SessionStateProxy.SetVariable("work", work);
        var run = session.Run($"$ProgressPreference = '{preference}'; Invoke-PumpTest -Work $work");
        Assert.Equal(isShown, run.Progress.Count > 0);
        if (isShown) Assert.Equal(ProgressRecordType.Completed, run.Progress[^1].RecordType);
    }

    private static StepStarted Started(string host, string name, TimeSpan? limit = null) =>
        new(new Step(name, ShellCommand.Of("true")) { WaitLimit = limit }) { HostName = host };

    private int Percent(params RunEvent[] events)
    {
        foreach (var one in events) Do(one);
        return _records.Last(record => record.Activity == "Invoke-KamalDeploy").PercentComplete;
    }

    /// <summary>An event a second after the one before.</summary>
    private void Do(RunEvent runEvent)
    {
        _clock.Advance(1);
        _bars.Follow(runEvent);
    }

    private string Status(string activity) => _records.Last(record => record.Activity == activity).StatusDescription;

    private sealed class ManualClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now;

        public void Advance(double seconds) => _now += (long)(seconds * 1000);
    }
}
