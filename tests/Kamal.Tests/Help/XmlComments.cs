using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kamal.Tests.Help;

/// <summary>The documentation comments of the module's source, from the file that the compiler writes.</summary>
internal sealed partial class XmlComments
{
    private readonly Dictionary<string, XElement> _members;

    public XmlComments(string file) =>
        _members = XDocument.Load(file).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    public string Summary(Type type) => Text($"T:{type.FullName}", "summary");

    public string Summary(PropertyInfo property) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}", "summary");

    public string Summary(FieldInfo field) => Text($"F:{field.DeclaringType!.FullName}.{field.Name}", "summary");

    private string Text(string member, string element) =>
        _members.TryGetValue(member, out var found) && found.Element(element) is { } text ? Plain(text) : "";

    private static string Plain(XElement element)
    {
        var parts = element.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" } reference => Name(reference),
            XElement other => Plain(other),
            _ => "",
        });
        return Blanks().Replace(string.Concat(parts), " ").Trim();
    }

    private static string Name(XElement reference)
    {
        var target = (reference.Attribute("cref") ?? reference.Attribute("langword") ?? reference.Attribute("name"))!.Value;
        return target[(target.LastIndexOf('.') + 1)..].Replace("T:", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
