using System.Xml.Linq;

namespace Kamal.Tests.Help;

/// <summary>The file that Get-Help reads, from the same data and the examples in the pages.</summary>
internal static class MamlHelp
{
    private static readonly XNamespace Items = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static string Write(IEnumerable<(CmdletHelp Help, string Page)> pages)
    {
        var root = new XElement(Items + "helpItems", new XAttribute("schema", "maml"), pages.Select(page => Cmdlet(page.Help, page.Page)));
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + root.ToString().Replace("\r\n", "\n", StringComparison.Ordinal) + "\n";
    }

    private static XElement Cmdlet(CmdletHelp help, string page)
    {
        var words = help.Name.Split('-');
        return new(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details", new XElement(Command + "name", help.Name), new XElement(Command + "verb", words[0]),
                new XElement(Command + "noun", words[1]), Paragraphs("description", help.Synopsis)),
            Paragraphs("description", MarkdownHelp.Section(page, "DESCRIPTION") ?? help.Synopsis),
            new XElement(Command + "syntax", Sets(help).Select(set => Syntax(help, set))),
            new XElement(Command + "parameters", help.Parameters.Select(Parameter)),
            new XElement(
                Command + "returnValues",
                help.Outputs.Select(output =>
                    new XElement(Command + "returnValue", new XElement(Dev + "type", new XElement(Maml + "name", output))))),
            new XElement(Command + "examples", MarkdownHelp.Examples(page).Select(Example)));
    }

    private static XElement Syntax(CmdletHelp help, string set) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", help.Name),
        help.Parameters.Where(parameter => IsIn(parameter, set)).OrderBy(Order).Select(Parameter));

    private static XElement Example((string Title, string Code, string Remarks) example) => new(
        Command + "example",
        new XElement(Maml + "title", example.Title),
        new XElement(Dev + "code", example.Code.TrimEnd()),
        Paragraphs("remarks", example.Remarks, Dev));

    private static XElement Parameter(ParameterHelp parameter) => new(
        Command + "parameter",
        new XAttribute("required", parameter.Required ? "true" : "false"),
        new XAttribute("globbing", parameter.Wildcards ? "true" : "false"),
        new XAttribute("pipelineInput", parameter.Pipeline),
        new XAttribute("position", parameter.Position.ToLowerInvariant()),
        new XAttribute("aliases", parameter.Aliases.Length > 0 ? parameter.Aliases : "none"),
        new XElement(Maml + "name", parameter.Name),
        Paragraphs("Description", parameter.Description),
        parameter.TypeName == "SwitchParameter"
            ? null
            : new XElement(Command + "parameterValue", new XAttribute("required", "true"), parameter.TypeName),
        new XElement(Dev + "type", new XElement(Maml + "name", parameter.TypeName)));

    private static XElement Paragraphs(string name, string text, XNamespace? space = null) =>
        new((space ?? Maml) + name, text.Split("\n\n").Select(paragraph => new XElement(Maml + "para", paragraph.Replace('\n', ' '))));

    private static List<string> Sets(CmdletHelp help)
    {
        var sets = help.Parameters.SelectMany(parameter => parameter.Sets.Split(", ")).Where(set => set != "(All)").Distinct().ToList();
        return sets.Count > 0 ? sets : ["(All)"];
    }

    private static bool IsIn(ParameterHelp parameter, string set) => parameter.Sets == "(All)" || parameter.Sets.Split(", ").Contains(set);

    private static (int Position, string Name) Order(ParameterHelp parameter) =>
        (int.TryParse(parameter.Position, out var at) ? at : int.MaxValue, parameter.Name);
}
