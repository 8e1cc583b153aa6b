using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// The files that Get-Help reads, from the pages of docs/en-US in PlatyPS's schema 2024-05-01: the cmdlets' help as MAML, and each about_
/// page as text. The build compiles this file as a task; it is not part of the module.
/// </summary>
public sealed class HelpFiles : Task
{
    private static readonly XNamespace Items = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The pages.</summary>
    [Required]
    public string[] Pages { get; set; }

    /// <summary>The folder of the files.</summary>
    [Required]
    public string Folder { get; set; }

    /// <summary>Where the pages can be read online, or empty.</summary>
    public string Address { get; set; } = "";

    /// <summary>Writes the files.</summary>
    public override bool Execute()
    {
        Directory.CreateDirectory(Folder);
        var pages = Pages.OrderBy(page => page, StringComparer.Ordinal)
            .ToDictionary(page => Path.GetFileNameWithoutExtension(page), page => Read(page));
        var root = new XElement(Items + "helpItems", new XAttribute("schema", "maml"));
        foreach (var page in pages.Where(page => !page.Key.StartsWith("about_", StringComparison.Ordinal)))
        {
            root.Add(Cmdlet(page.Key, page.Value));
        }

        var xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + root.ToString().Replace("\r\n", "\n") + "\n";
        File.WriteAllText(Path.Combine(Folder, "Kamal.dll-Help.xml"), xml, new UTF8Encoding(false));
        foreach (var page in pages.Where(page => page.Key.StartsWith("about_", StringComparison.Ordinal)))
        {
            File.WriteAllText(Path.Combine(Folder, page.Key + ".help.txt"), About(page.Value), new UTF8Encoding(false));
        }

        return true;
    }

    private static string Read(string page) => File.ReadAllText(page).Replace("\r\n", "\n");

    private XElement Cmdlet(string name, string page)
    {
        var words = name.Split('-');
        var parameters = Parts(Section(page, "PARAMETERS"), "-").Select(part => new Parameter(part.Key, part.Value)).ToList();
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details", new XElement(Command + "name", name), new XElement(Command + "verb", words[0]),
                new XElement(Command + "noun", words[1]), Paragraphs(Maml + "description", Section(page, "SYNOPSIS"))),
            Paragraphs(Maml + "description", Section(page, "DESCRIPTION")),
            new XElement(
                Command + "syntax", Parts(Section(page, "SYNTAX"), "").Select(set => Syntax(name, set.Key, set.Value, parameters))),
            new XElement(Command + "parameters", parameters.Select(parameter => Of(parameter, parameter.Sets.First()))),
            new XElement(Command + "inputTypes", Parts(Section(page, "INPUTS"), "").Select(type => Typed("inputType", type))),
            new XElement(Command + "returnValues", Parts(Section(page, "OUTPUTS"), "").Select(type => Typed("returnValue", type))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", Blocks(Section(page, "NOTES")))),
            new XElement(Command + "examples", Parts(Section(page, "EXAMPLES"), "").Select(Example)),
            new XElement(Command + "relatedLinks", Links(name, Section(page, "RELATED LINKS"))));
    }

    private static XElement Typed(string element, KeyValuePair<string, string> type) => new XElement(
        Command + element, new XElement(Dev + "type", new XElement(Maml + "name", type.Key)), Paragraphs(Maml + "description", type.Value));

    private static XElement Syntax(string name, string set, string text, List<Parameter> parameters)
    {
        // The order of the syntax: what people use first.
        var order = Regex.Matches(text, "(?<=[ \\[])-([A-Za-z]+)").Cast<Match>().Select(match => match.Groups[1].Value).ToList();
        return new XElement(
            Command + "syntaxItem", new XElement(Maml + "name", name),
            order.Select(one => parameters.FirstOrDefault(parameter => parameter.Name == one)).Where(parameter => parameter != null)
                .Select(parameter => Of(parameter, parameter.Sets.FirstOrDefault(other => other.Name == set) ?? parameter.Sets.First())));
    }

    private static XElement Of(Parameter parameter, ParameterSet set) => new XElement(
        Command + "parameter",
        new XAttribute("required", set.IsRequired),
        new XAttribute("variableLength", "false"),
        new XAttribute("globbing", parameter.Values["SupportsWildcards"]),
        new XAttribute("pipelineInput", set.Pipeline),
        new XAttribute("position", set.Position),
        new XAttribute("aliases", parameter.Aliases.Length > 0 ? parameter.Aliases : "none"),
        new XElement(Maml + "name", parameter.Name),
        Paragraphs(Maml + "Description", parameter.Description),
        parameter.Type == "SwitchParameter"
            ? null
            : new XElement(Command + "parameterValue", new XAttribute("required", "true"), parameter.Type),
        new XElement(Dev + "type", new XElement(Maml + "name", parameter.Type)),
        parameter.Values["DefaultValue"] is var value && value != "''" ? new XElement(Dev + "defaultValue", value.Trim('\'')) : null,
        parameter.Accepted.Length == 0
            ? null
            : new XElement(
                Command + "parameterValueGroup",
                parameter.Accepted.Select(one => new XElement(Command + "parameterValue", new XAttribute("required", "false"), one))));

    private static XElement Example(KeyValuePair<string, string> example)
    {
        var match = Regex.Match(example.Value, "```powershell\n(.*?)\n?```\n?(.*)", RegexOptions.Singleline);
        return new XElement(
            Command + "example", new XElement(Maml + "title", example.Key), new XElement(Dev + "code", match.Groups[1].Value),
            Paragraphs(Dev + "remarks", match.Groups[2].Value.Trim('\n')));
    }

    private IEnumerable<XElement> Links(string name, string text)
    {
        if (Address.Length > 0) yield return Link("Online version", $"{Address}/{name}.md");
        foreach (Match match in Regex.Matches(text, "^- \\[([^\\]]+)\\]\\(([^)]+)\\)", RegexOptions.Multiline))
        {
            var target = match.Groups[2].Value;
            var uri = target.StartsWith("https://", StringComparison.Ordinal) ? target
                : target.StartsWith("../", StringComparison.Ordinal) && Address.Length > 0 ? $"{Address}/{target}"
                : "";
            yield return Link(match.Groups[1].Value, uri);
        }
    }

    private static XElement Link(string text, string uri) => new XElement(
        Maml + "navigationLink", new XElement(Maml + "linkText", text), new XElement(Maml + "uri", uri));

    private static XElement Paragraphs(XName name, string text) => new XElement(name, Blocks(text));

    private static IEnumerable<XElement> Blocks(string text) => text.Split(new[] { "\n\n" }, StringSplitOptions.None)
        .Where(paragraph => paragraph.Trim().Length > 0)
        .Select(paragraph => new XElement(Maml + "para", Plain(Unwrapped(paragraph.Trim('\n')))));

    /// <summary>A paragraph as one line; a list or a table keeps its lines.</summary>
    private static string Unwrapped(string paragraph) =>
        Regex.IsMatch(paragraph, "^(- |\\||```|    )") ? paragraph : paragraph.Replace('\n', ' ');

    /// <summary>Markdown without links, emphasis and code marks.</summary>
    private static string Plain(string text) =>
        Regex.Replace(Regex.Replace(text, "\\[([^\\]]+)\\]\\([^)]+\\)", "$1"), "\\*\\*([^*]+)\\*\\*|`([^`\n]+)`", "$1$2");

    private static string Section(string page, string name)
    {
        var match = Regex.Match(page, $"\n## {name}\n(.*?)(?=\n## |$)", RegexOptions.Singleline);
        return match.Success ? match.Groups[1].Value.Trim('\n') : "";
    }

    /// <summary>The parts of a section by their titles.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Parts(string section, string prefix) =>
        Regex.Matches("\n" + section, $"\n### {prefix}([^\n]+)\n(.*?)(?=\n### |$)", RegexOptions.Singleline).Cast<Match>()
            .Select(match => new KeyValuePair<string, string>(match.Groups[1].Value, match.Groups[2].Value.Trim('\n')));

    /// <summary>An about_ page as text: titles in capitals, code indented, tables with their columns aligned.</summary>
    private static string About(string page)
    {
        var text = new StringBuilder();
        var isCode = false;
        var lines = Regex.Replace(page, "\\A---\n.*?\n---\n+", "", RegexOptions.Singleline).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith("```", StringComparison.Ordinal)) isCode = !isCode;
            else if (isCode) text.Append("        ").Append(line).Append('\n');
            else if (line.StartsWith("# ", StringComparison.Ordinal)) text.Append("TOPIC\n    ").Append(line.Substring(2)).Append('\n');
            else if (line.StartsWith("#", StringComparison.Ordinal))
            {
                text.Append(Plain(line.TrimStart('#', ' ')).ToUpperInvariant()).Append('\n');
            }
            else if (line.StartsWith("|", StringComparison.Ordinal))
            {
                var rows = lines.Skip(i).TakeWhile(row => row.StartsWith("|", StringComparison.Ordinal)).ToList();
                i += rows.Count - 1;
                foreach (var row in Table(rows)) text.Append("    ").Append(row).Append('\n');
            }
            else text.Append(line.Length == 0 ? "" : "    " + Plain(line)).Append('\n');
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static IEnumerable<string> Table(List<string> rows)
    {
        var cells = rows.Where(row => !Regex.IsMatch(row, "^[|: -]+$"))
            .Select(row => row.Trim().Trim('|').Split('|').Select(cell => Plain(cell.Trim())).ToArray()).ToList();
        var widths = Enumerable.Range(0, cells.Max(row => row.Length))
            .Select(column => cells.Max(row => column < row.Length ? row[column].Length : 0)).ToArray();
        return cells.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private sealed class ParameterSet
    {
        public ParameterSet(string text)
        {
            Name = Value(text, "Name");
            Position = Value(text, "Position").ToLowerInvariant();
            IsRequired = Value(text, "IsRequired");
            var (value, property) = (Value(text, "ValueFromPipeline") == "true", Value(text, "ValueFromPipelineByPropertyName") == "true");
            Pipeline = value && property ? "True (ByPropertyName, ByValue)" : value ? "True (ByValue)"
                : property ? "True (ByPropertyName)" : "False";
        }

        public string Name { get; }

        public string Position { get; }

        public string IsRequired { get; }

        public string Pipeline { get; }
    }

    private sealed class Parameter
    {
        public Parameter(string name, string text)
        {
            Name = name;
            var yaml = text.IndexOf("```yaml\n", StringComparison.Ordinal);
            Description = (yaml < 0 ? text : text.Substring(0, yaml)).Trim('\n');
            var facts = yaml < 0 ? "" : text.Substring(yaml);
            foreach (var key in new[] { "Type", "DefaultValue", "SupportsWildcards" }) Values[key] = Value(facts, key);
            Type = Values["Type"].Split('.').Last();
            Aliases = string.Join(", ", List(facts, "Aliases"));
            Accepted = List(facts, "AcceptedValues");
            Sets = Regex.Split(facts, "(?=^- Name: )", RegexOptions.Multiline).Skip(1).Select(set => new ParameterSet(set)).ToList();
            if (Sets.Count == 0) Sets.Add(new ParameterSet(""));
        }

        public string Name { get; }

        public string Description { get; }

        public string Type { get; }

        public string Aliases { get; }

        public string[] Accepted { get; }

        public List<ParameterSet> Sets { get; }

        public Dictionary<string, string> Values { get; } = new Dictionary<string, string>();

        private static string[] List(string yaml, string key) =>
            Regex.Match(yaml, $"^{key}:\n((?:- .*\n)*)", RegexOptions.Multiline).Groups[1].Value
                .Split(new[] { '\n' }, StringSplitOptions.RemoveEmptyEntries).Select(line => line.Substring(2)).ToArray();
    }

    private static string Value(string yaml, string key) =>
        Regex.Match(yaml, $"^[ -]*{key}: (.*)$", RegexOptions.Multiline).Groups[1].Value;
}
