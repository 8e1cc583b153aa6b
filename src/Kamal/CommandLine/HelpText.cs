using System.Globalization;
using System.Text;
using Kamal.Engine;

namespace Kamal.CommandLine;

/// <summary>What <c>kamal help</c> prints, from the same grammar that parses.</summary>
internal static class HelpText
{
    private const int Column = 34;

    /// <summary>The help of the commands that begin with the given words; of all commands without any.</summary>
    /// <param name="words">The words after <c>help</c>.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: no command begins so.</exception>
    public static string For(IReadOnlyList<string> words)
    {
        var commands = CommandRouter.Find(words);
        if (commands.IsEmpty) throw new KamalException(KamalErrorId.ArgumentInvalid, $"There is no command 'kamal {string.Join(' ', words)}'.");
        var text = new StringBuilder();
        if (commands is [var one])
        {
            text.Append("kamal ").AppendLine(Usage(one)).AppendLine(CultureInfo.InvariantCulture, $"  {one.Help} ({one.Cmdlet})").AppendLine().AppendLine("Options:");
            foreach (var option in one.Options) Append(text, option);
        }
        else
        {
            text.AppendLine("Commands:");
            foreach (var command in commands.Where(command => !command.IsHidden)) Line(text, $"kamal {Usage(command)}", command.Help);
            text.AppendLine().AppendLine("Options of all commands:");
        }

        foreach (var option in Grammar.GlobalOptions) Append(text, option);
        return text.ToString().TrimEnd();
    }

    private static string Usage(CommandSpec command) =>
        string.Join(' ', [command.Path, .. command.Arguments.Select(argument => argument switch
        {
            { TakesRest: true } => $"[{argument.Name}…]",
            { IsOptional: true } => $"[{argument.Name}]",
            _ => argument.Name,
        })]);

    private static void Append(StringBuilder text, OptionSpec option)
    {
        var letter = option.Letter is { } one ? $"-{one}, " : "    ";
        Line(text, $"{letter}--{option.Name}{(option.Kind == OptionKind.Flag ? "" : "=" + option.Kind switch { OptionKind.Number => "N", OptionKind.CommaList => "A,B", OptionKind.Pairs => "KEY:VALUE", _ => "TEXT" })}", option.Help);
    }

    private static void Line(StringBuilder text, string left, string right) => text.AppendLine($"  {left.PadRight(Column)} {right}".TrimEnd());
}
