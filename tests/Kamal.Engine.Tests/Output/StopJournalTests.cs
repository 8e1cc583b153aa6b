using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Xunit;

namespace Kamal.Engine.Tests.Output;

/// <summary>A run that is stopped says of each host where it stands.</summary>
public sealed class StopJournalTests
{
    private readonly RecordingSink _sink = new();

    [Fact]
    public void Each_host_has_one_line()
    {
        using var stop = new CancellationTokenSource();
        var journal = new StopJournal(_sink, stop.Token);
        journal.Emit(new PhaseStarted("Prepare", ["a", "b", "c"]));
        foreach (var host in new[] { "a", "b", "c" }) journal.Emit(new StepStarted(Step("Make room")) { HostName = host });
        journal.Emit(new PhaseCompleted("Prepare", TimeSpan.Zero, 0));
        journal.Emit(new PhaseStarted("Boot web", ["a"]));
        journal.Emit(new PhaseStarted("Boot web", ["b"]));
        journal.Emit(new StepStarted(Step("Start the new container")) { HostName = "a" });
        journal.Emit(new StepStarted(Step("Start the new container")) { HostName = "b" });
        stop.Cancel();
        journal.Emit(new MessageEmitted(MessageSeverity.Warning, "The boot of web was stopped; v1 goes on serving there.") { HostName = "b" });
        journal.Tell(["a", "b", "c", "d"]);

        Assert.Equal(
            [
                "b The boot of web was stopped; v1 goes on serving there.",
                "a Stopped in 'Boot web', at 'Start the new container'.",
                "c Stopped after 'Prepare' was done here; nothing else was started.",
                "d Stopped before anything was done here.",
            ],
            _sink.Events.OfType<MessageEmitted>().Select(message => $"{message.HostName} {message.Text}"));
    }

    [Fact]
    public void A_run_that_only_reads_has_nothing_to_say()
    {
        using var stop = new CancellationTokenSource();
        var journal = new StopJournal(_sink, stop.Token);
        journal.Emit(new StepStarted(Step("Look") with { Effect = StepEffect.ReadOnly }) { HostName = "a" });
        stop.Cancel();
        journal.Tell(["a"]);
        Assert.Empty(_sink.Events.OfType<MessageEmitted>());
    }

    private static Step Step(string name) => new(name, ShellCommand.Of("true"));
}
