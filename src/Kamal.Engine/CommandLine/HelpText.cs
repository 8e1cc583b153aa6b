using System.Collections.Immutable;
using System.Text;

namespace Kamal.Engine.CommandLine;

/// <summary>Prints the output of <c>kamal help</c> from the grammar.</summary>
public static class HelpText
{
    private const int Column = 34;

    /// <summary>The help of a command, or of all commands that start with the given words.</summary>
    /// <param name="words">The words after <c>help</c>; none for all commands.</param>
    /// <param name="cmdlet">Returns the equivalent of a command, such as its cmdlet.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: there is no such command.</exception>
    public static string For(IReadOnlyList<string> words, Func<CommandSpec, string>? cmdlet = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        var found = CommandFinder.Find(words);
        var text = new StringBuilder();
        if (found.Command is { } command)
        {
            text.Append("Usage: kamal ").AppendLine(command.Usage).AppendLine().Append("  ").Append(command.Help)
                .AppendLine(cmdlet is null ? "" : $" ({cmdlet(command)})");
            if (!command.Options.IsEmpty) AppendOptions(text, "Options:", command.Options);
        }
        else
        {
            text.AppendLine("Commands:");
            foreach (var candidate in found.Candidates.Where(candidate => !candidate.IsHidden))
            {
                Line(text, $"kamal {candidate.Usage}", candidate.Help);
            }
            if (words.Count == 0) Line(text, "kamal help [COMMAND]", "Show this help, or the help of a command");
        }

        AppendOptions(text, "Options of all commands:", Grammar.GlobalOptions);
        return text.ToString().TrimEnd();
    }

    private static void AppendOptions(StringBuilder text, string title, ImmutableArray<OptionSpec> options)
    {
        text.AppendLine().AppendLine(title);
        foreach (var option in options)
        {
            var letter = option.Letter is { } one ? $"-{one}, " : "    ";
            var value = option.Kind switch
            {
                OptionKind.Flag => "",
                OptionKind.Number => "=N",
                OptionKind.CommaList => "=A,B",
                OptionKind.Pairs => " KEY:VALUE…",
                OptionKind.Words => " WORD…",
                _ => "=TEXT",
            };
            Line(text, $"{letter}--{option.Name}{value}", option.Help + (option.IsRequired ? " (required)" : ""));
        }
    }

    private static void Line(StringBuilder text, string left, string right) =>
        text.AppendLine($"  {left.PadRight(Column)} {right}".TrimEnd());
}
