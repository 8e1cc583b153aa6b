using System.Globalization;
using System.Text;

namespace Kamal.Engine.Hosts;

/// <summary>A line about a round trip, for the debug stream. It names the phase and its steps, never their commands or output.</summary>
internal static class FleetTrace
{
    /// <summary>The longest list of steps.</summary>
    private const int StepsShown = 3;

    /// <summary>The line of a script that has ended.</summary>
    /// <param name="result">The script with the time that each step took.</param>
    /// <param name="session">The connection that it used.</param>
    /// <param name="waited">How long it took to get a connection.</param>
    /// <param name="took">How long the script took, including the round trip to the host.</param>
    public static string Of(ScriptResult result, HostSession session, TimeSpan waited, TimeSpan took)
    {
        var ran = result.Steps.Where(step => step.Status is not StepStatus.Skipped).ToList();
        var inSteps = ran.Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Duration);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"script '{result.Script.Phase}': {ran.Count} of {result.Steps.Length} steps ran, ");
        text.Append(CultureInfo.InvariantCulture, $"{Milliseconds(took)} for the round trip, {Milliseconds(inSteps)} of it in steps");
        if (Slowest(ran) is { Length: > 0 } slowest) text.Append(CultureInfo.InvariantCulture, $" ({slowest})");
        text.Append(
            CultureInfo.InvariantCulture, $"; {Milliseconds(waited)} for the connection, open since {session.ConnectedAt:HH:mm:ss}Z");
        if (result.Failure is { } failure) text.Append(CultureInfo.InvariantCulture, $"; it ended with {failure.Id}");
        return text.ToString();
    }

    private static string Slowest(IEnumerable<StepResult> steps) => string.Join(", ", steps
        .Where(step => step.Duration > TimeSpan.Zero).OrderByDescending(step => step.Duration).Take(StepsShown)
        .Select(step => $"{step.Step.Name} {Milliseconds(step.Duration)}"));

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");
}
