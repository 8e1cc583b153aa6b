using System.Globalization;

namespace Kamal.Engine.Hosts;

/// <summary>Turns a failed step into the error that says why.</summary>
internal static class StepFailure
{
    private const int OutputLines = 20;

    public static KamalException Describe(string hostName, StepResult result)
    {
        var step = result.Step;
        var output = Tail(result.ErrorOutput.Length > 0 ? result.ErrorOutput : result.Output);
        var what = step.FailureMessage ?? string.Create(CultureInfo.InvariantCulture, $"'{step.Name}' failed with exit code {result.ExitCode}");
        var where = step.Role is { } role ? $"{hostName} ({role})" : step.Accessory is { } accessory ? $"{hostName} ({accessory})" : hostName;
        return new(step.Error, $"{where}: {what}{(output.Length > 0 ? ": " + output : ".")}")
        {
            HostName = hostName,
            Role = step.Role,
            Accessory = step.Accessory,
            Command = step.Command.Display,
            ExitCode = result.ExitCode,
            Output = output,
            Recommendation = step.Recommendation,
        };
    }

    private static string Tail(string text)
    {
        var lines = text.Split('\n');
        return lines.Length <= OutputLines ? text : "…\n" + string.Join('\n', lines[^OutputLines..]);
    }
}
