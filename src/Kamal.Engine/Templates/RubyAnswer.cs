using System.Text.Json.Serialization;

namespace Kamal.Engine.Templates;

/// <summary>What <see cref="RubyProcess"/> gets back.</summary>
internal sealed record RubyAnswer(
    [property: JsonPropertyName("text")] string? Text,
    [property: JsonPropertyName("changes")] Dictionary<string, string?>? Changes,
    [property: JsonPropertyName("error")] string? Error,
    [property: JsonPropertyName("message")] string? Message,
    [property: JsonPropertyName("line")] int Line);

/// <summary>What it gives to ruby.</summary>
internal sealed record RubyInput(
    [property: JsonPropertyName("template")] string Template,
    [property: JsonPropertyName("dotenv")] Dictionary<string, IReadOnlyDictionary<string, string>> Dotenv);

[JsonSerializable(typeof(RubyAnswer))]
[JsonSerializable(typeof(RubyInput))]
internal sealed partial class RubyContext : JsonSerializerContext;
