using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Nodes;
using YamlDotNet.Core;

namespace Kamal.Adapters.Yaml;

/// <summary>Parses YAML with YamlDotNet's event parser, with limits on size, depth and alias expansion.</summary>
public sealed class YamlReader : IYamlReader
{
    /// <summary>The maximum length of a text, in characters.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>The maximum nesting depth.</summary>
    public const int MaxDepth = 64;

    /// <summary>The maximum number of values after aliases are expanded.</summary>
    public const int MaxNodes = 200_000;

    /// <inheritdoc/>
    public ConfigNode? Read(SourceText source, ICollection<ConfigurationProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(problems);
        if (source.Text.Length > MaxLength)
        {
            problems.Add(ConfigurationProblem.At(new(source.File, 0, 0), "", $"the file is larger than {MaxLength / 1024 / 1024} MiB"));
            return null;
        }

        if (FindControlCharacter(source) is { } control)
        {
            problems.Add(control);
            return null;
        }

        var document = new YamlDocumentReader(new Parser(new StringReader(source.Text)), source, problems);
        try
        {
            return document.Read();
        }
        catch (YamlLimitException limit)
        {
            problems.Add(ConfigurationProblem.At(limit.Position, "", limit.Message));
        }
        catch (YamlException error)
        {
            problems.Add(Explain(error, source));
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException or OverflowException
            or IndexOutOfRangeException or NullReferenceException)
        {
            // YamlDotNet 18.1 throws these instead of a YamlException for document markers inside brackets and tags that are not URIs.
            problems.Add(ConfigurationProblem.At(document.Position, "", $"invalid YAML after this position: {fault.Message}"));
        }

        return null;
    }

    private static ConfigurationProblem Explain(YamlException error, SourceText source)
    {
        var at = (int)error.Start.Line;
        var last = error.Message.Contains("tab", StringComparison.OrdinalIgnoreCase) ? int.MaxValue : at;
        if (FindTab(source, Math.Max(1, at - 1), last) is { } tab) return tab;

        var reason = error.Message.TrimEnd('.');
        return ConfigurationProblem.At(
            source.At(at, (int)error.Start.Column), "", $"invalid YAML: {char.ToLowerInvariant(reason[0])}{reason[1..]}");
    }

    private static ConfigurationProblem? FindTab(SourceText source, int first, int last)
    {
        var line = 0;
        foreach (var text in source.Text.AsSpan().EnumerateLines())
        {
            if (++line < first) continue;
            if (line > last) break;
            var indentation = text[..(text.Length - text.TrimStart().Length)];
            var tab = indentation.IndexOf('\t');
            if (tab >= 0)
            {
                return ConfigurationProblem.At(source.At(line, tab + 1), "", "this line is indented with a tab; YAML requires spaces");
            }
        }

        return null;
    }

    private static ConfigurationProblem? FindControlCharacter(SourceText source)
    {
        var line = 1;
        var column = 1;
        foreach (var c in source.Text)
        {
            if ((c < ' ' && c is not ('\t' or '\n' or '\r')) || c == '\x7f')
            {
                return ConfigurationProblem.At(source.At(line, column), "", $"the control character U+{(int)c:X4} is not allowed in YAML");
            }

            (line, column) = c == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return null;
    }
}
