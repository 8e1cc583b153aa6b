using System.Globalization;
using System.Text.RegularExpressions;
using Kamal.Engine.Causes;

namespace Kamal.Engine.Hosts;

/// <summary>Turns a failed step into an error.</summary>
internal static partial class StepFailure
{
    private const int OutputLines = 20;

    private const int LinesWithCause = 3;

    /// <summary>The error of a failed step.</summary>
    /// <param name="hostName">The host.</param>
    /// <param name="result">The step's result.</param>
    /// <param name="all">The results of all steps of its script, some of which may explain it.</param>
    public static KamalException Describe(string hostName, StepResult result, IEnumerable<StepResult>? all = null)
    {
        var step = result.Step;
        var output = Tail(WithoutHelp(WithoutProgress(result.ErrorOutput.Length > 0 ? result.ErrorOutput : result.Output)));
        var known = step.KnownFailures.FirstOrDefault(failure => output.Contains(failure.Text, StringComparison.OrdinalIgnoreCase));
        var cause = CommandCauses.Find(output, result.ExitCode, [.. (all ?? []).Where(Explains).Select(other => other.Output)]);
        var what = (cause is null ? "" : cause.Message + ": ") + (MessageOf(known, result.ExitCode) ?? step.FailureMessage
            ?? string.Create(CultureInfo.InvariantCulture, $"'{step.Name}' failed with exit code {result.ExitCode}"));
        var shown = cause is null ? output : Tail(output, LinesWithCause);
        var where = step.Role is { } role
            ? $"{hostName} ({role})"
            : step.Accessory is { } accessory
            ? $"{hostName} ({accessory})"
            : hostName;
        return new(known?.Error ?? step.Error, $"{where}: {what}{(shown.Length > 0 ? ": " + shown : ".")}")
        {
            HostName = hostName,
            Role = step.Role,
            Accessory = step.Accessory,
            Command = step.Command.Display,
            ExitCode = result.ExitCode,
            Output = output,
            Recommendation = cause is not null ? cause.NextStep : known is null ? step.Recommendation : known.Recommendation,
            Cause = cause ?? Named(step, known, shown),
        };
    }

    private static bool Explains(StepResult result) => result is { Step.ExplainsFailure: true, Output.Length: > 0 };

    /// <summary>The cause that the step knows, rather than its output.</summary>
    private static KamalCause? Named(Step step, KnownFailure? known, string output) =>
        (known is null ? step.Cause : known.Cause) is not { } name
            ? null
            : new(name, known?.Message ?? step.FailureMessage ?? step.Name)
            {
                Evidence = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
                NextStep = known is null ? step.Recommendation : known.Recommendation,
            };

    private static string? MessageOf(KnownFailure? known, int? exitCode) =>
        known is { TellsExitCode: true }
            ? string.Create(CultureInfo.InvariantCulture, $"{known.Message} (exit code {exitCode})")
            : known?.Message;

    /// <summary>Removes the progress lines of a pull, which would push the cause out of sight.</summary>
    private static string WithoutProgress(string text) =>
        text.Contains(": Pull", StringComparison.Ordinal)
            ? string.Join('\n', text.Split('\n').Where(line => !PullProgress().IsMatch(line))).Trim('\n')
            : text;

    /// <summary>Removes docker's hint at its help and the blank line before it, which would take the place of useful lines.</summary>
    private static string WithoutHelp(string text) => OfferOfHelp().Replace(text, "").Trim('\r', '\n');

    private static string Tail(string text, int count = OutputLines)
    {
        var lines = text.Split('\n');
        return lines.Length <= count ? text : "…\n" + string.Join('\n', lines[^count..]);
    }

    // docker's texts of all versions: "a1b2c3d4e5f6: Pulling fs layer", "1.35: Pulling from library/busybox".
    [GeneratedRegex(
        @"^([0-9a-f]{12}: (Pulling fs layer|Waiting|Downloading|Verifying Checksum|Download complete|Extracting|Pull complete|"
        + @"Already exists|Retrying in)\b.*|\S+: Pulling from \S+|Unable to find image '.*' locally)\r?$")]
    private static partial Regex PullProgress();

    // Docker up to 27: "See 'docker run --help'."; from 28: "Run 'docker run --help' for more information", after a blank line.
    [GeneratedRegex(
        @"(?:^[ \t]*\r?\n)*^(?:Run|See) 'docker(?: [a-z-]+)* --help'(?: for more information)?\.?[ \t]*\r?$\n?",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex OfferOfHelp();
}
