using System.Globalization;
using System.Text;
using System.Text.Json;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Adds to a failed boot what explains it: the container's last lines and its health checks.</summary>
internal static class BootExplanation
{
    /// <summary>The step that reads the log of a container that failed.</summary>
    public const string ReadLog = "Read the failed container's log";

    /// <summary>The step that reads its health checks.</summary>
    public const string ReadHealth = "Read the failed container's health";

    /// <summary>The failure with its explanation, if the script read one.</summary>
    /// <param name="result">What the script did.</param>
    /// <param name="failure">Why it failed.</param>
    public static KamalException Explain(ScriptResult result, KamalException failure)
    {
        if (result.Find(ReadLog) is null) return failure;
        var read = result.Find(ReadLog) is { Status: StepStatus.Succeeded } found ? found : null;
        var health = HealthChecks(result.Find(ReadHealth));
        var text = new StringBuilder(failure.Message);
        if (health.Length > 0) text.Append("\nIts last health check: ").Append(health);
        if (read is not null)
        {
            text.Append(read.Output.Length > 0 ? "\nThe container's last lines:\n" + read.Output
                : "\nThe container wrote nothing to its log.");
        }
        return new(failure.Id, text.ToString(), failure)
        {
            HostName = failure.HostName,
            Role = failure.Role,
            Command = failure.Command,
            ExitCode = failure.ExitCode,
            Output = read is { Output.Length: > 0 } ? read.Output : failure.Output,
            Recommendation = failure.Recommendation,
        };
    }

    private static string HealthChecks(StepResult? step)
    {
        if (step is not { Status: StepStatus.Succeeded } || step.Output is "null" or "") return "";
        try
        {
            using var json = JsonDocument.Parse(step.Output);
            if (!json.RootElement.TryGetProperty("Log", out var log) || log.ValueKind != JsonValueKind.Array || log.GetArrayLength() == 0)
            {
                return "";
            }
            var last = log[log.GetArrayLength() - 1];
            return string.Create(
                CultureInfo.InvariantCulture, $"exit code {last.GetProperty("ExitCode").GetInt32()}: "
                + $"{last.GetProperty("Output").GetString()?.Trim()}");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return step.Output;
        }
    }
}
