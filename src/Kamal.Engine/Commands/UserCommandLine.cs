namespace Kamal.Engine.Commands;

/// <summary>The command line for a host's shell that a user's words form.</summary>
public static class UserCommandLine
{
    /// <summary>A single word is a line for the shell; each of several words is one argument.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: a word holds a NUL character.</exception>
    public static string OfArguments(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Any(word => word.Contains('\0', StringComparison.Ordinal)))
        {
            throw new KamalException(KamalErrorId.ArgumentInvalid, "An argument cannot contain a NUL character.");
        }
        return words is [var line] ? line.Trim() : ShellCommand.Of([.. words.Select(ShellWord.Literal)]).Text;
    }

    /// <summary>Joins words as Kamal does: the host's shell splits them again.</summary>
    public static string OfKamal(IReadOnlyList<string> words) => string.Join(' ', words.Select(word => word.Trim()));

    /// <summary>A warning if a word does not reach the command unchanged after <see cref="OfKamal"/>; otherwise null.</summary>
    public static string? Warning(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Count < 2 || words.FirstOrDefault(Changes) is not { } changed) return null;
        var quoted = ShellWord.Literal(changed).Text;
        var advice = quoted.IndexOfAny(['"', '$', '`', '\\']) >= 0 ? ""
            : $" To pass {quoted} as one argument, quote it for that shell too: \"{quoted}\"";
        return $"The host's shell reads: {OfKamal(words)}{(advice.Length > 0 ? "." : "")}{advice}";
    }

    private static bool Changes(string word) =>
        word.Length == 0 || word.Any(character => char.IsWhiteSpace(character) || character is '\'' or '"');
}
