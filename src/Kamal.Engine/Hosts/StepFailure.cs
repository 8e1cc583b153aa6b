using System.Globalization;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Hosts;

/// <summary>Turns a failed step into an error.</summary>
internal static partial class StepFailure
{
    private const int OutputLines = 20;

    // Docker's client, of all versions: "…to the Docker daemon socket…", "…to the docker API at…".
    private const string DockerRefuses = "permission denied while trying to connect to the docker";
    private const string JoinGroup = "This account is not allowed to use Docker. Add it to the docker group on the host: sudo usermod -aG docker $USER. "
        + "Then close the connection with Disconnect-KamalConnection, so that the next command logs in again.";

    private const string DiskFull = "no space left on device";
    private const string FreeSpace = "Free space on the host: 'df -h' and 'docker system df' show what uses it, and Invoke-KamalPrune (kamal prune all) removes old versions.";

    public static KamalException Describe(string hostName, StepResult result)
    {
        var step = result.Step;
        var output = Tail(WithoutProgress(result.ErrorOutput.Length > 0 ? result.ErrorOutput : result.Output));
        var known = step.KnownFailures.FirstOrDefault(failure => output.Contains(failure.Text, StringComparison.OrdinalIgnoreCase));
        var full = output.Contains(DiskFull, StringComparison.OrdinalIgnoreCase);
        var what = (full ? "the disk is full: " : "") + (MessageOf(known, result.ExitCode) ?? step.FailureMessage ?? string.Create(CultureInfo.InvariantCulture, $"'{step.Name}' failed with exit code {result.ExitCode}"));
        var where = step.Role is { } role ? $"{hostName} ({role})" : step.Accessory is { } accessory ? $"{hostName} ({accessory})" : hostName;
        return new(known?.Error ?? step.Error, $"{where}: {what}{(output.Length > 0 ? ": " + output : ".")}")
        {
            HostName = hostName,
            Role = step.Role,
            Accessory = step.Accessory,
            Command = step.Command.Display,
            ExitCode = result.ExitCode,
            Output = output,
            Recommendation = output.Contains(DockerRefuses, StringComparison.OrdinalIgnoreCase) ? JoinGroup : full ? FreeSpace : known is null ? step.Recommendation : known.Recommendation,
        };
    }

    private static string? MessageOf(KnownFailure? known, int? exitCode) =>
        known is { TellsExitCode: true } ? string.Create(CultureInfo.InvariantCulture, $"{known.Message} (exit code {exitCode})") : known?.Message;

    /// <summary>Removes the progress lines of a pull, which would push the cause out of sight.</summary>
    private static string WithoutProgress(string text) =>
        text.Contains(": Pull", StringComparison.Ordinal) ? string.Join('\n', text.Split('\n').Where(line => !PullProgress().IsMatch(line))).Trim('\n') : text;

    private static string Tail(string text)
    {
        var lines = text.Split('\n');
        return lines.Length <= OutputLines ? text : "…\n" + string.Join('\n', lines[^OutputLines..]);
    }

    // docker's texts of all versions: "a1b2c3d4e5f6: Pulling fs layer", "1.35: Pulling from library/busybox".
    [GeneratedRegex(@"^([0-9a-f]{12}: (Pulling fs layer|Waiting|Downloading|Verifying Checksum|Download complete|Extracting|Pull complete|Already exists|Retrying in)\b.*|\S+: Pulling from \S+|Unable to find image '.*' locally)\r?$")]
    private static partial Regex PullProgress();
}
