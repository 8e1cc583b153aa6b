using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kamal.Engine.Configuration.Metadata;

namespace Kamal.Engine.Configuration;

/// <summary>Generates the JSON schema of deploy.yml from the metadata.</summary>
/// <remarks>For completion and validation in editors. Does not include rules across keys.</remarks>
public static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema (draft 7) as indented JSON with a final newline.</summary>
    public static string ToJson()
    {
        var definitions = new JsonObject();
        var root = Section(ConfigurationMetadata.Root, definitions);
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Kamal's config/deploy.yml",
        };
        foreach (var (key, value) in root.ToList())
        {
            root.Remove(key);
            schema[key] = value;
        }

        schema["definitions"] = definitions;
        return schema.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonObject Section(ConfigurationSection section, JsonObject definitions)
    {
        var properties = new JsonObject();
        foreach (var key in section.Keys)
        {
            var shape = Shape(key.Shape, definitions);
            // In draft 7, siblings of $ref are ignored.
            if (shape.ContainsKey("$ref")) shape = new() { ["allOf"] = new JsonArray(shape) };
            shape.Insert(0, "description", Description(key));
            properties[key.Name] = shape;
        }

        var schema = new JsonObject
        {
            ["description"] = section.Description,
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = section.IgnoresUnknownKeys,
        };
        if (section.AllowExtensions) schema["patternProperties"] = new JsonObject { ["^x-"] = new JsonObject() };
        var required = section.Keys.Where(key => key.Required).Select(key => (JsonNode)key.Name).ToArray();
        // A destination's file is incomplete, but editors validate each file separately: the root requires nothing.
        if (required.Length > 0 && section != ConfigurationMetadata.Root) schema["required"] = new JsonArray(required);
        return schema;
    }

    private static JsonObject Shape(ValueShape shape, JsonObject definitions) => shape switch
    {
        TextShape text => Text(text),
        IntegerShape integer => Integer(integer),
        BooleanShape => new() { ["type"] = "boolean" },
        ScalarShape => new() { ["type"] = new JsonArray("string", "number", "boolean", "null") },
        ListShape list => List(list, definitions),
        MapShape map => Map(map, definitions),
        SectionShape section => Reference(section.Section, definitions),
        EnvShape env => Env(env, definitions),
        ChoiceShape choice =>
            new() { ["anyOf"] = new JsonArray([.. choice.Alternatives.Select(alternative => Shape(alternative, definitions))]) },
        _ => [],
    };

    private static JsonObject Text(TextShape shape)
    {
        if (shape.AnyCase) return new()
        {
            ["type"] = "string",
            ["pattern"] = OrTemplate($"^:?({string.Join('|', shape.Allowed.Select(AnyCase))})$"),
        };
        if (!shape.Allowed.IsEmpty) return new() { ["enum"] = new JsonArray([.. shape.Allowed.SelectMany(AllowedForms)]) };
        var schema = new JsonObject { ["type"] = shape.Strict ? "string" : new JsonArray("string", "number", "boolean") };
        if (shape.Pattern is not null) schema["pattern"] = OrTemplate(shape.Pattern);
        return schema;
    }

    private static string AnyCase(string word) =>
        string.Concat(word.Select(c => char.IsAsciiLetter(c) ? $"[{char.ToUpperInvariant(c)}{c}]" : $"{c}"));

    /// <summary>Editors validate the file before its templates are evaluated.</summary>
    private static string OrTemplate(string pattern) => pattern + "|<%";

    /// <summary>A word and the Ruby symbol for it, which Kamal's documentation also uses.</summary>
    private static IEnumerable<JsonNode> AllowedForms(string word) => [word, $":{word}"];

    private static JsonObject Integer(IntegerShape shape)
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = shape.Minimum };
        if (shape.Maximum < int.MaxValue) schema["maximum"] = shape.Maximum;
        return schema;
    }

    private static JsonObject List(ListShape shape, JsonObject definitions)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = Shape(shape.Item, definitions) };
        if (shape.MinimumItems > 0) schema["minItems"] = shape.MinimumItems;
        if (shape.MaximumItems < int.MaxValue) schema["maxItems"] = shape.MaximumItems;
        return schema;
    }

    private static JsonObject Map(MapShape shape, JsonObject definitions)
    {
        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = Shape(shape.Value, definitions) };
        if (shape.Single) (schema["minProperties"], schema["maxProperties"]) = (1, 1);
        if (shape.KeyPattern is not null)
        {
            schema["patternProperties"] = new JsonObject { [OrTemplate(shape.KeyPattern)] = Shape(shape.Value, definitions) };
            schema["additionalProperties"] = false;
        }

        var properties = shape.Special.Select(special => KeyValuePair.Create(special.Key, (JsonNode?)Shape(special.Value, definitions)))
            .Concat(shape.Reserved.Select(Forbidden)).ToList();
        if (properties.Count > 0) schema["properties"] = new JsonObject(properties);
        return schema;
    }

    private static KeyValuePair<string, JsonNode?> Forbidden(string key) =>
        KeyValuePair.Create(key, (JsonNode?)new JsonObject { ["not"] = new JsonObject() });

    private static JsonObject Env(EnvShape shape, JsonObject definitions)
    {
        var name = shape.AllowTags ? "rootEnv" : "env";
        if (!definitions.ContainsKey(name))
        {
            // Reserves the name first, because tags refer to the plain form.
            definitions[name] = new JsonObject();
            var split = Section(
                SmallSections.Env with { Keys = [.. SmallSections.Env.Keys.Where(key => shape.AllowTags || key.Name != "tags")] },
                definitions);
            split["minProperties"] = 1;
            var plain = Map(Names.Map(Names.Token, Shapes.Text) with { Reserved = ["clear", "secret", "tags"] }, definitions);
            definitions[name] = new JsonObject { ["anyOf"] = new JsonArray(split, plain) };
        }

        return new() { ["$ref"] = $"#/definitions/{name}" };
    }

    private static JsonObject Reference(ConfigurationSection section, JsonObject definitions)
    {
        var name = section.Name.Replace('/', '.');
        if (!definitions.ContainsKey(name))
        {
            definitions[name] = new JsonObject();
            definitions[name] = Section(section, definitions);
        }

        return new() { ["$ref"] = $"#/definitions/{name}" };
    }

    private static string Description(ConfigurationKey key)
    {
        var text = key.Description;
        if (key.Default is not null) text += $" Default: {key.Default}.";
        return $"{text} Example: {key.Example}";
    }
}
