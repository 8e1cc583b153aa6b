using System.Diagnostics;
using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

public sealed class ThisProcessTests
{
    [Fact]
    public void A_process_has_ended_when_its_number_is_free_or_another_has_it()
    {
        Assert.False(ThisProcess.HasEnded(Environment.ProcessId, ThisProcess.Start));
        Assert.True(ThisProcess.HasEnded(Environment.ProcessId, "1"));
        using var other = Process.Start(new ProcessStartInfo("git", "--version") { RedirectStandardOutput = true })!;
        var (id, start) = (other.Id, ThisProcess.StartOf(other.Id) ?? "0");
        other.WaitForExit();
        Assert.True(ThisProcess.HasEnded(id, start));
        Assert.Equal(16, ThisProcess.Machine.Length);
    }
}
