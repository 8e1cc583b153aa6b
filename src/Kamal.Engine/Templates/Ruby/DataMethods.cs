using System.Text.Json;
using System.Text.RegularExpressions;
using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Functions of JSON and YAML.</summary>
internal static partial class DataMethods
{
    public static object? Call(RubyEvaluator ruby, string module, string method, RubyArguments arguments)
    {
        if (module == "JSON") return Json(ruby, method, arguments);
        if (arguments.Items is not [RubyString text]) return RubyEvaluator.NotFound;
        var symbolizes = false;
        foreach (var (key, value) in arguments.Keywords?.Pairs ?? [])
        {
            // Aliases are read either way; without the option newer versions of Ruby refuse them.
            if (key is not RubySymbol { Name: "symbolize_names" or "aliases" } option) return RubyEvaluator.NotFound;
            if (option.Name == "symbolize_names") symbolizes = RubyEquality.IsTruthy(value);
        }

        return method switch
        {
            "load_file" or "safe_load_file" or "unsafe_load_file" =>
                Yaml(ruby, ruby.Environment.ReadFile(text.Value, ruby.CancellationToken), symbolizes),
            "load" or "safe_load" or "unsafe_load" => Yaml(ruby, text.Value, symbolizes),
            _ => RubyEvaluator.NotFound,
        };
    }

    private static object? Json(RubyEvaluator ruby, string method, RubyArguments arguments)
    {
        switch (method, arguments.Items)
        {
            case ("parse", [RubyString text]):
                var symbolizes = false;
                foreach (var (key, value) in arguments.Keywords?.Pairs ?? [])
                {
                    if (key is not RubySymbol { Name: "symbolize_names" }) return RubyEvaluator.NotFound;
                    symbolizes = RubyEquality.IsTruthy(value);
                }

                return Parse(ruby, text.Value, symbolizes);
            case ("parse", [null]): throw new RubyError("TypeError", "JSON.parse gets nothing (nil)");
            case ("generate" or "dump", [var value]) when arguments.Keywords is null: return ruby.Printer.Json(value);
            case ("generate" or "dump", []) when arguments.Keywords is { } pairs: return ruby.Printer.Json(pairs);
            case ("pretty_generate", [var value]) when arguments.Keywords is null: return ruby.Printer.Json(value, pretty: true);
            default: return RubyEvaluator.NotFound;
        }
    }

    private static object? Parse(RubyEvaluator ruby, string text, bool symbolizes)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Value(ruby, document.RootElement, symbolizes);
        }
        catch (JsonException)
        {
            throw new RubyError("JSON::ParserError", "JSON.parse gets a text that is not JSON");
        }
    }

    private static object? Value(RubyEvaluator ruby, JsonElement element, bool symbolizes)
    {
        ruby.Budget.List(1);
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return RubyHash.Of(element.EnumerateObject().Select(member =>
                    (symbolizes ? (object?)new RubySymbol(member.Name)
                        : new RubyString(member.Name), Value(ruby, member.Value, symbolizes))));
            case JsonValueKind.Array:
                return new RubyList(element.EnumerateArray().Select(item => Value(ruby, item, symbolizes)));
            case JsonValueKind.String:
                return new RubyString(element.GetString()!);
            case JsonValueKind.Number:
                var raw = element.GetRawText();
                if (raw.Contains('.', StringComparison.Ordinal)
                    || raw.Contains('e', StringComparison.OrdinalIgnoreCase)) return element.GetDouble();
                return element.TryGetInt64(out var whole) ? whole : throw TemplateError.Unsupported("a number of more than 18 digits");
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }

    private static object? Yaml(RubyEvaluator ruby, string text, bool symbolizes)
    {
        if (ruby.Environment.Yaml is not { } reader) throw TemplateError.Unsupported("YAML in this file");
        var problems = new List<ConfigurationProblem>();
        var node = reader.Read(new(text, "YAML"), problems);
        return node is null || problems.Exists(problem => !problem.IsWarning)
            ? throw TemplateError.Unsupported("this YAML")
            : Value(ruby, node, symbolizes);
    }

    private static object? Value(RubyEvaluator ruby, ConfigNode node, bool symbolizes)
    {
        ruby.Budget.List(1);
        return node switch
        {
            ConfigMap map => RubyHash.Of(map.Entries.Select(entry =>
                (Key(entry.Key, symbolizes), Value(ruby, entry.Value, symbolizes)))),
            ConfigList list => new RubyList(list.Items.Select(item => Value(ruby, item, symbolizes))),
            ConfigScalar { Kind: ScalarKind.Null } => null,
            ConfigScalar { Kind: ScalarKind.Boolean } scalar => scalar.Text == "true",
            ConfigScalar { Kind: ScalarKind.Symbol } scalar => new RubySymbol(scalar.Text),
            ConfigScalar { Kind: ScalarKind.Integer } scalar =>
                long.TryParse(scalar.Text, System.Globalization.CultureInfo.InvariantCulture, out var whole) ? whole
                    : throw TemplateError.Unsupported("a number of more than 18 digits"),
            ConfigScalar { Kind: ScalarKind.Float } scalar =>
                double.TryParse(scalar.Text, System.Globalization.CultureInfo.InvariantCulture, out var real) ? real
                    : throw TemplateError.Unsupported("this number"),
            // A date is one for Ruby, unless it is quoted, which is not known here.
            ConfigScalar scalar when Date().IsMatch(scalar.Text) => throw TemplateError.Unsupported("a date in YAML"),
            ConfigScalar scalar => new RubyString(scalar.Text),
            _ => throw TemplateError.Unsupported("this YAML"),
        };
    }

    /// <summary>A key's text, of which is not known whether it was quoted.</summary>
    private static object? Key(string key, bool symbolizes) =>
        RubyScalar.Read(key).Kind != ScalarKind.Text || Date().IsMatch(key)
            ? throw TemplateError.Unsupported("a key that is not plain text in YAML")
        : symbolizes ? new RubySymbol(key) : new RubyString(key);

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
