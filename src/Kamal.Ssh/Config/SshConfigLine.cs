namespace Kamal.Ssh.Config;

/// <summary>A line of ssh_config that says something.</summary>
/// <param name="Keyword">The keyword in lower case.</param>
/// <param name="Rest">What follows the keyword and its separator; null if nothing.</param>
/// <param name="File">The file.</param>
/// <param name="Number">The line's number, from 1.</param>
internal sealed record SshConfigLine(string Keyword, string? Rest, string File, int Number)
{
    /// <summary>Reads a file's lines.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">Its name, for messages.</param>
    public static IReadOnlyList<SshConfigLine> Parse(string text, string file)
    {
        List<SshConfigLine> lines = [];
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            string? rest = SshConfigText.TrimEnd(line);
            var keyword = SshConfigText.Delimited(ref rest);
            // Blanks at the start of a line make an empty first word.
            if (keyword is { Length: 0 }) keyword = SshConfigText.Delimited(ref rest);
            if (keyword is not ({ Length: > 0 } and [not '#', ..])) continue;
            lines.Add(new(keyword.ToLowerInvariant(), rest, file, number));
        }

        return lines;
    }

    /// <summary>The line's arguments.</summary>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConfigurationInvalid"/>: a quote does not close.</exception>
    public IReadOnlyList<string> Arguments() => SshConfigText.Arguments(Rest ?? "") ?? throw Error("a quote does not close");

    /// <summary>The error that the line is.</summary>
    /// <param name="what">What is wrong with it.</param>
    public SshClientException Error(string what) => new(SshFailureReason.ConfigurationInvalid, $"{File}:{Number}: {Keyword}: {what}.")
    {
        Recommendation = $"Correct the line; ssh says more: ssh -G -F '{File}' example.com",
    };
}
