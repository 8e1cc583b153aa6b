using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using Kamal.Cmdlets;
using Kamal.Engine;
using Kamal.Engine.CommandLine;

namespace Kamal.Feedback;

/// <summary>
/// The commands in an error's advice, in the form in which the user wrote the last one. They are shown and never run. Only words that
/// PowerShell does not interpret are used, since part of the advice may come from a host.
/// </summary>
internal static partial class NextCommands
{
    private const int MaxCommands = 3;

    /// <summary>The commands that an error recommends, the first one first.</summary>
    /// <param name="error">The error, made safe to show.</param>
    /// <param name="asKamal">Whether the user wrote a <c>kamal</c> line.</param>
    public static IReadOnlyList<string> Of(KamalException error, bool asKamal)
    {
        var advice = new[] { error }.Concat(error.Causes)
            .SelectMany(one => (string?[])[one.Cause?.NextStep, one.Recommendation]).OfType<string>();
        return [.. advice.SelectMany(text => asKamal ? Lines(text) : Cmdlets(text)).Distinct().Take(MaxCommands)];
    }

    private static IEnumerable<string> Cmdlets(string text)
    {
        foreach (Match match in Cmdlet().Matches(text))
        {
            if (TypeOf(match.Value) is not { } type) continue;
            var command = match.Value;
            var rest = text[(match.Index + match.Length)..];
            while (Parameter().Match(rest) is { Success: true } next
                && type.GetProperty(next.Groups[1].Value) is { } property && property.IsDefined(typeof(ParameterAttribute), inherit: true))
            {
                var isSwitch = property.PropertyType == typeof(SwitchParameter);
                var value = isSwitch ? "" : next.Groups[2].Value.TrimEnd('.', ':');
                if (!isSwitch && value.Length == 0) break;
                command += $" -{property.Name}{(isSwitch ? "" : $" {value}")}";
                rest = rest[(isSwitch ? next.Groups[1].Index + next.Groups[1].Length : next.Length)..];
            }

            yield return command;
        }
    }

    private static IEnumerable<string> Lines(string text)
    {
        foreach (Match match in Line().Matches(text))
        {
            var words = match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var command = Grammar.Commands.Where(command => words.Take(command.Words.Length).SequenceEqual(command.Words))
                .MaxBy(command => command.Words.Length);
            if (command is null) continue;
            // An argument or an option follows only where the advice has nothing else after the command.
            var given = words.Length == command.Words.Length ? match.Groups[2].Value.TrimEnd('.', ':') : "";
            yield return $"kamal {command.Path}{given}";
        }
    }

    private static Type? TypeOf(string cmdlet) => typeof(KamalCmdlet).Assembly.GetExportedTypes()
        .FirstOrDefault(type => type.GetCustomAttribute<CmdletAttribute>() is { } attribute
            && $"{attribute.VerbName}-{attribute.NounName}" == cmdlet);

    [GeneratedRegex(@"\b[A-Z][a-z]+-Kamal[A-Za-z]+")]
    private static partial Regex Cmdlet();

    [GeneratedRegex(@"^ -([A-Z][A-Za-z]+)(?: ([A-Za-z0-9][A-Za-z0-9._/:@=-]*))?")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\bkamal ([a-z_]+(?: [a-z_]+)*)((?: --[a-z-]+(?: [A-Za-z0-9][A-Za-z0-9._/:@=-]*)?)*)")]
    private static partial Regex Line();
}
