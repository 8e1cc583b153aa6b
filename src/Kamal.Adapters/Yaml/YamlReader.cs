using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Nodes;
using YamlDotNet.Core;

namespace Kamal.Adapters.Yaml;

/// <summary>The engine's YAML port over YamlDotNet's event parser, with limits on size, depth and alias expansion.</summary>
public sealed class YamlReader : IYamlReader
{
    /// <summary>The longest text read, in characters.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>The deepest nesting read.</summary>
    public const int MaxDepth = 64;

    /// <summary>The most values a document may have once its aliases are expanded.</summary>
    public const int MaxNodes = 200_000;

    /// <inheritdoc/>
    public ConfigNode? Read(string text, string file, ICollection<ConfigurationProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(problems);
        if (text.Length > MaxLength)
        {
            problems.Add(ConfigurationProblem.At(new(file, 0, 0), "", $"the file is larger than {MaxLength / 1024 / 1024} MiB"));
            return null;
        }

        if (FindControlCharacter(text, file) is { } control)
        {
            problems.Add(control);
            return null;
        }

        try
        {
            return new YamlDocumentReader(new Parser(new StringReader(text)), file, problems).Read();
        }
        catch (YamlLimitException limit)
        {
            problems.Add(ConfigurationProblem.At(limit.Position, "", limit.Message));
        }
        catch (YamlException error)
        {
            problems.Add(Explain(error, text, file));
        }

        return null;
    }

    private static ConfigurationProblem Explain(YamlException error, string text, string file)
    {
        var position = new ConfigPosition(file, (int)error.Start.Line, (int)error.Start.Column);
        for (var line = position.Line; line >= Math.Max(1, position.Line - 1); line--)
        {
            var indentation = LineOf(text, line).TakeWhile(char.IsWhiteSpace).ToList();
            var tab = indentation.IndexOf('\t');
            if (tab >= 0) return ConfigurationProblem.At(new(file, line, tab + 1), "", "a tab indents this line; YAML wants spaces");
        }

        var reason = error.Message.TrimEnd('.');
        return ConfigurationProblem.At(position, "", $"this is not valid YAML: {char.ToLowerInvariant(reason[0])}{reason[1..]}");
    }

    private static string LineOf(string text, int line) => text.Split('\n').ElementAtOrDefault(line - 1) ?? "";

    private static ConfigurationProblem? FindControlCharacter(string text, string file)
    {
        var line = 1;
        var column = 1;
        foreach (var c in text)
        {
            if ((c < ' ' && c is not ('\t' or '\n' or '\r')) || c == '\x7f')
            {
                return ConfigurationProblem.At(new(file, line, column), "", $"the control character U+{(int)c:X4} is not allowed in YAML");
            }

            (line, column) = c == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return null;
    }
}
