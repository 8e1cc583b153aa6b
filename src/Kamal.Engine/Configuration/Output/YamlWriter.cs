using System.Globalization;
using System.Text;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Output;

/// <summary>Writes nodes as block YAML that Ruby parses to the same values.</summary>
internal sealed class YamlWriter
{
    private readonly StringBuilder _text = new("---\n");

    /// <summary>A whole document.</summary>
    public static string Write(ConfigNode node)
    {
        var writer = new YamlWriter();
        if (node is ConfigMap { Entries.IsEmpty: false } map) writer.Map(map, 0);
        else if (node is ConfigList { Items.IsEmpty: false } list) writer.List(list, 0);
        else writer._text.Append(Inline(node)).Append('\n');
        return writer._text.ToString();
    }

    private void Map(ConfigMap map, int indent)
    {
        foreach (var entry in map.Entries)
        {
            _text.Append(' ', indent);
            Entry(entry, indent);
        }
    }

    private void Entry(ConfigEntry entry, int indent)
    {
        _text.Append(Key(entry.Key)).Append(':');
        switch (entry.Value)
        {
            case ConfigMap { Entries.IsEmpty: false } map:
                _text.Append('\n');
                Map(map, indent + 2);
                break;
            case ConfigList { Items.IsEmpty: false } list:
                _text.Append('\n');
                List(list, indent);
                break;
            case ConfigScalar { Kind: ScalarKind.Null }:
                _text.Append('\n');
                break;
            default:
                _text.Append(' ').Append(Inline(entry.Value)).Append('\n');
                break;
        }
    }

    private void List(ConfigList list, int indent)
    {
        foreach (var item in list.Items)
        {
            _text.Append(' ', indent).Append('-');
            switch (item)
            {
                case ConfigMap { Entries.IsEmpty: false } map:
                    _text.Append(' ');
                    Entry(map.Entries[0], indent + 2);
                    Map(new(map.Position, map.Entries[1..]), indent + 2);
                    break;
                case ConfigList { Items.IsEmpty: false } inner:
                    _text.Append('\n');
                    List(inner, indent + 2);
                    break;
                default:
                    _text.Append(' ').Append(Inline(item)).Append('\n');
                    break;
            }
        }
    }

    private static string Inline(ConfigNode node) => node switch
    {
        ConfigMap => "{}",
        ConfigList => "[]",
        ConfigScalar { Kind: ScalarKind.Text } text => Text(text.Text),
        ConfigScalar { Kind: ScalarKind.Symbol } symbol => Symbol(symbol.Text),
        ConfigScalar { Kind: ScalarKind.Null } => "",
        ConfigScalar other => other.Text,
        _ => "",
    };

    /// <summary>A key, which is a Ruby symbol if it starts with a colon.</summary>
    private static string Key(string key) => key.Length > 1 && key[0] == ':' ? Symbol(key[1..]) : Text(key);

    private static string Symbol(string text) =>
        Text(text) is ['\'' or '"', ..] quoted && RubyScalar.Read(text).Kind == ScalarKind.Text ? ":" + quoted : ":" + text;

    private static string Text(string text)
    {
        if (text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff')) return DoubleQuoted(text);
        return IsPlain(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    private static bool IsPlain(string text) =>
        text.Length > 0 && text is not ("y" or "Y" or "n" or "N" or "<<" or "=")
        && RubyScalar.Read(text).Kind == ScalarKind.Text
        && !char.IsAsciiDigit(text[0])
        && !" -?:,[]{}#&*!|>'\"%@`".Contains(text[0], StringComparison.Ordinal)
        && text[^1] is not (' ' or ':')
        && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal);

    private static string DoubleQuoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' =>
                    string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
