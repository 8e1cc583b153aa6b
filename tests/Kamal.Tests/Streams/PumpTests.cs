using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Streams;
using Kamal.Tests.Support;

namespace Kamal.Tests.Streams;

/// <summary>Events from workers to the pipeline, and the end of the pipeline for the workers.</summary>
public sealed class PumpTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TestSession _session = new();

    public PumpTests() => _session.Run($"Import-Module '{typeof(InvokePumpTestCommand).Assembly.Location}'");

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Each_kind_of_event_has_its_stream()
    {
        var step = new Step("Pull the image", ShellCommand.Of("docker", "pull", "shop"));
        var run = Run("", async (sink, _) =>
        {
            await Task.Yield();
            sink.Emit(new PhaseStarted("Pull", ["h1", "h2"]));
            sink.Emit(new StepStarted(step) { HostName = "h1" });
            sink.Emit(new StepCompleted(new(step, StepStatus.Failed) { ExitCode = 3, ErrorOutput = "no such image" }) { HostName = "h1" });
            sink.Emit(new HostFailed(new(KamalErrorId.RemoteCommandFailed, "h1: it failed") { HostName = "h1" }) { HostName = "h1" });
            sink.Warn("mind the gap");
            sink.Inform("all is well");
            sink.Emit(new OutputReceived("build", "step 1/2"));
            sink.Emit(new OutputReceived("build", "quietly") { IsDetail = true });
            sink.Produce("result");
            return "returned";
        }, "$VerbosePreference = 'Continue'; $InformationPreference = 'Continue';");
        Assert.Equal(["result", "returned"], run.Results<string>());
        Assert.Contains("[h1] Pull the image: docker pull shop", run.Verbose);
        Assert.Contains(run.Verbose, line => line.StartsWith("[h1] Pull the image: exit code 3", StringComparison.Ordinal));
        Assert.Contains("[h1] no such image", run.Verbose);
        Assert.Contains("[build] quietly", run.Verbose);
        Assert.Equal(["Pull: 2 hosts", "all is well", "[build] step 1/2"], run.Information);
        Assert.Equal("RemoteCommandFailed", run.ErrorId);
        Assert.Equal("h1", Assert.Single(run.Errors).TargetObject);
        Assert.NotEmpty(run.Progress);
        Assert.Equal(ProgressRecordType.Completed, run.Progress[^1].RecordType);
    }

    [Fact]
    public void Events_of_many_workers_arrive_in_the_order_of_each_worker()
    {
        const int Workers = 16;
        const int Events = 500;
        var run = Run("", async (sink, _) =>
        {
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() =>
            {
                for (var i = 0; i < Events; i++) sink.Produce((worker, i));
            })));
            return "end";
        });
        var results = run.Results<ValueTuple<int, int>>().ToList();
        Assert.Equal(Workers * Events, results.Count);
        Assert.All(
            results.GroupBy(result => result.Item1),
            group => Assert.Equal(Enumerable.Range(0, Events), group.Select(result => result.Item2)));
    }

    [Fact]
    public void A_stream_waits_until_its_reader_has_caught_up()
    {
        var most = 0;
        var produced = 0;
        var taken = 0;
        var run = Run("", async (sink, token) =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                Interlocked.Increment(ref produced);
                sink.Emit(new PipelineWork(_ =>
                {
                    taken++;
                    return null;
                }));
                most = Math.Max(most, Volatile.Read(ref produced) - Volatile.Read(ref taken));
                await sink.CaughtUpAsync(token);
            }

            return "end";
        });
        Assert.Equal(["end"], run.Results<string>());
        Assert.Equal(20_000, taken);
        Assert.InRange(most, 1, 300);
    }

    [Fact]
    public async Task A_stop_releases_a_waiting_stream()
    {
        var queue = new EventQueue();
        for (var i = 0; i < 1000; i++) queue.Emit(new ResultProduced(i));
        using var stop = new CancellationTokenSource();
        var waiting = queue.CaughtUpAsync(stop.Token);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        waiting = queue.CaughtUpAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 900; i++) Assert.NotNull(queue.Take(TimeSpan.Zero));
        await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_failed_operation_is_one_complete_error()
    {
        var run = Run(
            "",
            (_, _) => Task.FromException<object>(
                new KamalException(KamalErrorId.DeployLockHeld, "somebody deploys") { HostName = "h1", Recommendation = "wait" }));
        var error = Assert.Single(run.Errors);
        Assert.Equal("DeployLockHeld,Kamal.Tests.Support.InvokePumpTestCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, error.CategoryInfo.Category);
        Assert.Equal("h1", error.TargetObject);
        Assert.Equal("wait", error.ErrorDetails.RecommendedAction);
        Assert.IsType<KamalException>(error.Exception);
    }

    [Fact]
    public void An_unexpected_exception_is_reported_as_a_bug()
    {
        var run = Run("", (_, _) => Task.FromException<object>(new FormatException("odd")));
        Assert.Equal("Internal", run.ErrorId);
        Assert.Contains("FormatException: odd", run.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_on_one_host_does_not_stop_the_others()
    {
        var run = Run("", (sink, _) =>
        {
            sink.Emit(new HostFailed(new(KamalErrorId.ConnectionFailed, "h1 is away") { HostName = "h1" }));
            sink.Produce("h2 is fine");
            return Task.FromResult<object>("end");
        });
        Assert.Equal(["h2 is fine", "end"], run.Results<string>());
        Assert.Equal("ConnectionFailed", run.ErrorId);
    }

    [Theory]
    [InlineData("-ErrorAction Stop", "")]
    [InlineData("", "$ErrorActionPreference = 'Stop';")]
    public void ErrorAction_Stop_ends_the_pipeline_when_the_run_has_ended_by_itself(string parameter, string before)
    {
        var cancelled = false;
        var run = Run($"{parameter} -OutVariable global:written", async (sink, token) =>
        {
            foreach (var host in (string[])["h1", "h2"])
            {
                sink.Emit(new HostFailed(new(KamalErrorId.ConnectionFailed, $"{host} is away") { HostName = host }));
            }

            sink.Produce("h3 is done");
            await sink.CaughtUpAsync(token);
            cancelled = token.IsCancellationRequested;
            throw new KamalException(KamalErrorId.OperationFailed, "Two hosts failed.") { Recommendation = "Go back." };
        }, before);

        Assert.False(cancelled);
        Assert.Equal(["h3 is done"], Written());
        var error = Assert.Single(run.Errors);
        Assert.Equal("Two hosts failed.\n| h1 is away\n| h2 is away", error.ToString());
        Assert.Equal("Go back.", error.ErrorDetails.RecommendedAction);
        Assert.Equal(["h1", "h2"], Assert.IsType<KamalException>(error.Exception).Causes.Select(cause => cause.HostName));
    }

    [Fact]
    public void ErrorAction_Stop_ends_the_pipeline_also_if_the_run_succeeds_after_a_host_failed()
    {
        var run = Run("-ErrorAction Stop -OutVariable global:written", (sink, _) =>
        {
            sink.Emit(new HostFailed(new(KamalErrorId.ConnectionFailed, "h1 is away") { HostName = "h1" }));
            sink.Produce("h2 is fine");
            return Task.FromResult<object>("end");
        });
        Assert.True(run.Terminated);
        Assert.Equal(["h2 is fine"], Written());
    }

    [Fact]
    public void Break_cancels_and_waits_for_the_clean_up()
    {
        var worker = new PatientWorker(sink => sink.Produce("first"));
        Run("| ForEach-Object { break }", worker.RunAsync);
        Assert.True(worker.CleanedUp);
    }

    [Fact]
    public void A_throw_downstream_cancels_and_waits_for_the_clean_up()
    {
        var worker = new PatientWorker(sink => sink.Produce("first"));
        var run = Run("| ForEach-Object { throw 'enough' }", worker.RunAsync);
        Assert.True(run.Terminated);
        Assert.True(worker.CleanedUp);
    }

    [Fact]
    public async Task Stopping_cancels_and_waits_for_the_clean_up()
    {
        var worker = new PatientWorker(_ => { });
        _session.Runspace.SessionStateProxy.SetVariable("work", (Func<IRunSink, CancellationToken, Task<object>>)worker.RunAsync);
        using var shell = PowerShell.Create(_session.Runspace);
        var invocation = shell.AddScript("Invoke-PumpTest -Work $work").BeginInvoke();
        await worker.Began.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await shell.StopAsync(null, null).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(worker.CleanedUp);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(invocation));
    }

    [Fact]
    public void Warnings_of_a_clean_up_are_still_shown()
    {
        var worker = new PatientWorker(sink => sink.Produce("first")) { OnCleanUp = sink => sink.Warn("the lock is still there") };
        var run = Run("| ForEach-Object { break }", worker.RunAsync);
        Assert.Contains("WARNING: the lock is still there", run.HostLines);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_prompt_is_answered_on_the_pipeline_thread(int choice, bool trusted)
    {
        _session.Host.Answer = choice;
        var run = Run(
            "",
            async (sink, token) =>
                await new HostQuestions(sink, interactive: true).ConfirmHostKeyAsync("h1", "ssh-ed25519", "SHA256:abc", token));
        Assert.Equal([trusted], run.Results<bool>());
        Assert.Contains(run.HostLines, line => line.Contains("SHA256:abc", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_prompt_the_answer_is_no()
    {
        var run = Run("", async (sink, token) =>
        {
            var trusted = await new HostQuestions(sink, interactive: false).ConfirmHostKeyAsync("h1", "ssh-ed25519", "SHA256:abc", token);
            var secret = await new HostQuestions(sink, interactive: true).AskSecretAsync("Passphrase", token);
            return $"{trusted} {secret ?? "none"}";
        });
        Assert.Equal(["False none"], run.Results<string>());
    }

    [Fact]
    public async Task A_late_event_is_ignored()
    {
        IRunSink? late = null;
        Run("", (sink, _) =>
        {
            late = sink;
            return Task.FromResult<object>("end");
        });
        late!.Inform("too late");
        Assert.False(await new HostQuestions(late!, interactive: true)
            .ConfirmHostKeyAsync("h1", "t", "f", TestContext.Current.CancellationToken));
    }

    /// <summary>What was written with <c>-OutVariable global:written</c>.</summary>
    private IEnumerable<string> Written() => _session.Run("$written").Results<string>();

    private TestRun Run(string more, Func<IRunSink, CancellationToken, Task<object>> work, string before = "")
    {
        _session.Runspace.SessionStateProxy.SetVariable("work", work);
        return _session.Run($"{before} foreach ($once in 1) {{ Invoke-PumpTest -Work $work {more} }}");
    }

    /// <summary>Work that waits until it is cancelled, and then takes some time to clean up.</summary>
    private sealed class PatientWorker(Action<IRunSink> begin)
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => _began.Task;

        public bool CleanedUp { get; private set; }

        public Action<IRunSink> OnCleanUp { get; init; } = _ => { };

        public async Task<object> RunAsync(IRunSink sink, CancellationToken cancellationToken)
        {
            begin(sink);
            _began.SetResult();
            try
            {
                await Task.Delay(Patience, cancellationToken);
            }
            finally
            {
                await Task.Delay(50, CancellationToken.None);
                OnCleanUp(sink);
                CleanedUp = true;
            }

            return "never";
        }
    }
}
