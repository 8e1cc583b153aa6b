using System.Globalization;
using System.Text.Json.Nodes;
using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;
using NJsonSchema;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>The shipped schema is the metadata's, and agrees with the validator on what is a rule of one key.</summary>
public sealed class SchemaTests
{
    private static readonly Lazy<Task<JsonSchema>> Schema = new(() =>
        JsonSchema.FromJsonAsync(ConfigurationSchema.ToJson(), TestContext.Current.CancellationToken));

    [Fact]
    public void TheCheckedInSchemaIsInStep()
    {
        var path = Path.Combine(ConfigurationFixture.RepositoryRoot, "schema/deploy.schema.json");
        var schema = ConfigurationSchema.ToJson();
        if (Environment.GetEnvironmentVariable("KAMAL_WRITE_SCHEMA") == "1") File.WriteAllText(path, schema);
        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == schema,
            "schema/deploy.schema.json differs from the metadata; run this test with KAMAL_WRITE_SCHEMA=1 and commit the file.");
    }

    [Theory]
    [MemberData(nameof(ConformanceFilesTests.Scenarios), MemberType = typeof(ConformanceFilesTests))]
    public async Task AcceptsWhatKamalAccepts(string scenario)
    {
        var directory = Path.Combine(ConfigurationFixture.RepositoryRoot, "tests/conformance/scenarios", scenario, "app/config");
        foreach (var file in Directory.GetFiles(directory, "deploy*.yml"))
        {
            var text = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
                .Replace("<%= \"us\" + \"er\" %>", "user", StringComparison.Ordinal);
            Assert.Empty(await ErrorsAsync(text));
        }
    }

    [Theory]
    [MemberData(nameof(EveryKeyTests.Keys), MemberType = typeof(EveryKeyTests))]
    public async Task AgreesWithTheValidatorOnEveryKey(string section, string key)
    {
        var expected = KeyCases.All[$"{section}/{key}"];
        Assert.Empty(await ErrorsAsync(Lines(section, key, expected, expected.Good)));

        var lines = Lines(section, key, expected, expected.Bad);
        var problems = new List<ConfigurationProblem>();
        if (new YamlReader().Read(new(lines, "f"), problems) is not ConfigMap map) return;
        var shapes = new List<ConfigurationProblem>();
        new Engine.Configuration.Loading.ShapeValidator(shapes).CheckSection(
            map,
            ConfigurationMetadata.Root with
            {
                Keys = [.. ConfigurationMetadata.Root.Keys.Select(known => known with { Required = false })],
            },
            "");
        // JSON schema has no patterns for numbers, and YAML reads 0600 as one; the validator alone can say so.
        if (section == "accessory/files" && key == "mode") return;
        Assert.Equal(shapes.Count > 0, (await ErrorsAsync(lines)).Count > 0);
    }

    [Theory]
    [InlineData("servise: x")]
    [InlineData("servers: { web: { host: a } }")]
    [InlineData("proxy: { run: { ports: 1 } }")]
    [InlineData("accessories: { db: { host: a } }")]
    [InlineData("env: { clear: {}, other: {} }")]
    [InlineData("servers: { web: { hosts: [ a ], env: { tags: {} } } }")]
    [InlineData("aliases: { Bad: x }")]
    [InlineData("labels: { role: x }")]
    [InlineData("servers: [ { a: b, c: d } ]")]
    public async Task RefusesWhatTheValidatorRefuses(string lines)
    {
        Assert.NotEmpty(await ErrorsAsync(lines));
        Assert.NotEmpty(await ConfigurationFixture.ProblemsWithAsync(lines));
    }

    private static string Lines(string section, string key, KeyCase expected, string value) =>
        expected.Lines?.Replace("@", value, StringComparison.Ordinal)
            ?? KeyCases.Places[section].Replace("@", $"{key}: {value}", StringComparison.Ordinal);

    private static async Task<ICollection<NJsonSchema.Validation.ValidationError>> ErrorsAsync(string yaml)
    {
        var node = new YamlReader().Read(new(yaml, "f"), new List<ConfigurationProblem>())!;
        return (await Schema.Value).Validate(Json(node)!.ToJsonString());
    }

    /// <summary>A document as an editor sees it: YAML's types, symbols as the text they are written in.</summary>
    private static JsonNode? Json(ConfigNode node) => node switch
    {
        ConfigMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Json(entry.Value)))),
        ConfigList list => new JsonArray([.. list.Items.Select(Json)]),
        ConfigScalar { Kind: ScalarKind.Null } => null,
        ConfigScalar { Kind: ScalarKind.Boolean } scalar => scalar.IsTrue,
        ConfigScalar { Kind: ScalarKind.Integer } scalar => long.Parse(scalar.Text, CultureInfo.InvariantCulture),
        ConfigScalar { Kind: ScalarKind.Float } scalar => double.Parse(scalar.Text, CultureInfo.InvariantCulture),
        _ => ((ConfigScalar)node).Raw,
    };
}
