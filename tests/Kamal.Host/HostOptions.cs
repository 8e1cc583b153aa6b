namespace Kamal.Host;

/// <summary>What the console was asked to do.</summary>
/// <param name="Mode">Which of its three jobs.</param>
/// <param name="Text">The command's text or the script's path.</param>
/// <param name="Arguments">The words after it.</param>
internal sealed record HostOptions(HostMode Mode, string Text, IReadOnlyList<string> Arguments)
{
    public const string Usage =
        """
        kamal-host: a small console over System.Management.Automation with the published Kamal module imported
          kamal-host -Command TEXT        runs a command
          kamal-host -File PATH [ARG…]    runs a script
          kamal-host kamal [ARG…]         runs Kamal's command line
        """;

    /// <summary>Whether nobody is to be asked anything.</summary>
    public bool NonInteractive { get; init; }

    /// <summary>Reads the command line; null if it makes no sense.</summary>
    public static HostOptions? Parse(IReadOnlyList<string> words)
    {
        var nonInteractive = words.Count > 0 && Is(words[0], "-NonInteractive");
        var at = nonInteractive ? 1 : 0;
        if (at >= words.Count) return null;
        var rest = words.Skip(at + 1).ToList();
        HostOptions? options = words[at] switch
        {
            "kamal" => new(HostMode.CommandLine, "", rest),
            var word when (Is(word, "-Command") || Is(word, "-c")) && rest.Count > 0 => new(HostMode.Command, string.Join(' ', rest), []),
            var word when (Is(word, "-File") || Is(word, "-f")) && rest.Count > 0 => new(HostMode.File, rest[0], rest[1..]),
            _ => null,
        };
        return options is null ? null : options with { NonInteractive = nonInteractive };
    }

    private static bool Is(string word, string option) => string.Equals(word, option, StringComparison.OrdinalIgnoreCase);
}
