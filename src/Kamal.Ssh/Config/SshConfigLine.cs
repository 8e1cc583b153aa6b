namespace Kamal.Ssh.Config;

/// <summary>A line of ssh_config with a keyword.</summary>
/// <param name="Rest">What follows the keyword and its separator; null if nothing.</param>
/// <param name="Number">The line's number, from 1.</param>
internal sealed record SshConfigLine(string Keyword, string? Rest, string File, int Number)
{
    /// <summary>Reads a file's lines.</summary>
    /// <param name="text">The file's text.</param>
    public static IReadOnlyList<SshConfigLine> Parse(string text, string file)
    {
        List<SshConfigLine> lines = [];
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            string? rest = SshConfigText.TrimEnd(line);
            var keyword = SshConfigText.Delimited(ref rest);
            // Leading blanks make an empty first word.
            if (keyword is { Length: 0 }) keyword = SshConfigText.Delimited(ref rest);
            if (keyword is not ({ Length: > 0 } and [not '#', ..])) continue;
            lines.Add(new(keyword.ToLowerInvariant(), rest, file, number));
        }

        return lines;
    }

    /// <summary>The line's arguments.</summary>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConfigurationInvalid"/>: a quote is not terminated.</exception>
    public IReadOnlyList<string> Arguments() => SshConfigText.Arguments(Rest ?? "") ?? throw Error("unterminated quote");

    /// <summary>An error in the line.</summary>
    /// <param name="what">What is wrong.</param>
    public SshClientException Error(string what) => new(SshFailureReason.ConfigurationInvalid, $"{File}:{Number}: {Keyword}: {what}.")
    {
        Recommendation = $"Correct the line; ssh says more: ssh -G -F '{File}' example.com",
    };
}
