using System.Globalization;
using System.Text.RegularExpressions;

namespace Kamal.Streams;

/// <summary>
/// Reads the progress of <c>docker buildx build</c> as text: a step begins with <c>#5 [2/4] RUN make</c>, and layers are transferred with
/// <c>#5 sha256:… 12.6MB / 29.1MB 1.5s</c>. Of <c>dotnet publish</c>, it reads which project is being built, and what becomes of the image.
/// </summary>
internal sealed partial class BuildProgress
{
    private readonly Dictionary<string, string> _titles = [];
    private readonly Dictionary<string, string> _transfers = [];

    /// <summary>The step that has last said something, with the rate of a transfer.</summary>
    public string Status { get; private set; } = "";

    /// <summary>The share of the Dockerfile's steps that are done, or null if they have no numbers.</summary>
    public int? Percent { get; private set; }

    /// <summary>Reads a line; false if the status is as before.</summary>
    public bool Read(string line)
    {
        if (Line.Match(line) is not { Success: true } match) return ReadDotnet(line);
        var (step, text) = (match.Groups["step"].Value, match.Groups["text"].Value);
        if (text.StartsWith('[')) Begin(step, text);
        else if (text.StartsWith("DONE", StringComparison.Ordinal)) _transfers.Remove(step);
        else if (Transfer.Match(text) is { Success: true } transfer) _transfers[step] = Rate(transfer);
        else if (!_titles.ContainsKey(step) && Title.IsMatch(text)) _titles[step] = text;
        else if (Work.Match(text) is { Success: true } work) _titles[step] = work.Value;
        else return false;
        if (!_titles.TryGetValue(step, out var title)) return false;
        Status = _transfers.TryGetValue(step, out var rate) ? $"{title}: {rate}" : title;
        return true;
    }

    private bool ReadDotnet(string line)
    {
        if (Dotnet.Match(line) is not { Success: true } match) return false;
        Status = match.Groups["project"] is { Success: true } project ? $"{project} is built" : match.Groups["text"].Value;
        return true;
    }

    private void Begin(string step, string title)
    {
        _titles[step] = title;
        if (Numbers.Match(title) is not { Success: true } numbers) return;
        var (number, count) = (Number(numbers, "number"), Number(numbers, "count"));
        if (count > 0) Percent = (int)(100 * (number - 1) / count);
    }

    private static string Rate(Match transfer)
    {
        var done = Number(transfer, "done");
        var seconds = transfer.Groups["seconds"].Success ? Number(transfer, "seconds") : 0;
        var sizes = $"{transfer.Groups["done"]}{transfer.Groups["unit"]} of {transfer.Groups["all"]}";
        return seconds > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{sizes}, {done / seconds:0.0} {transfer.Groups["unit"]}/s")
            : sizes;
    }

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^#(?<step>\d{1,6}) (?<text>\S.*)$")]
    private static partial Regex Line { get; }

    [GeneratedRegex(@"^\[(?:[^\]]* )?(?<number>\d{1,4})/(?<count>\d{1,4})\]")]
    private static partial Regex Numbers { get; }

    // "#0 building with …" is not a step.
    [GeneratedRegex("^(?!building with )[a-z]")]
    private static partial Regex Title { get; }

    [GeneratedRegex(
        @"^(?:sha256:\S+|[a-z][^/]{1,100}?) (?<done>\d+(?:\.\d+)?)(?<unit>[kMGT]?B) / (?<all>\d+(?:\.\d+)?[kMGT]?B)"
        + @"(?: (?<seconds>\d+(?:\.\d+)?)s)?")]
    private static partial Regex Transfer { get; }

    [GeneratedRegex(@"^(?:exporting|pushing|writing|sending|transferring|extracting)[^\d]*(?=\d|$|done)")]
    private static partial Regex Work { get; }

    [GeneratedRegex(
        @"^  (?:(?<project>[\w.-]{1,100}) -> .|(?<text>(?:Determining projects to restore|Building image '[^']{1,300}'|Uploading layer)))")]
    private static partial Regex Dotnet { get; }
}
