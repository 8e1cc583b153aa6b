using System.Globalization;

namespace Kamal.Engine.Hosts;

/// <summary>Turns a failed step into the error that says why.</summary>
internal static class StepFailure
{
    private const int OutputLines = 20;

    // Docker's client, of all versions: "…to the Docker daemon socket…", "…to the docker API at…".
    private const string DockerRefuses = "permission denied while trying to connect to the docker";
    private const string JoinGroup = "This account may not use Docker there. Add it to the docker group on the host, with: sudo usermod -aG docker $USER. "
        + "A session that is connected already has to connect anew: Disconnect-KamalConnection.";

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
            Recommendation = output.Contains(DockerRefuses, StringComparison.OrdinalIgnoreCase) ? JoinGroup : step.Recommendation,
        };
    }

    private static string Tail(string text)
    {
        var lines = text.Split('\n');
        return lines.Length <= OutputLines ? text : "…\n" + string.Join('\n', lines[^OutputLines..]);
    }
}
