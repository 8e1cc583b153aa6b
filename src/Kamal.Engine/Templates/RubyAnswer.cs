using System.Text.Json.Serialization;

namespace Kamal.Engine.Templates;

/// <summary>What <see cref="RubyProcess"/> gets back.</summary>
internal sealed record RubyAnswer(
    [property: JsonPropertyName("text")] string? Text,
    [property: JsonPropertyName("changes")] Dictionary<string, string?>? Changes,
    [property: JsonPropertyName("error")] string? Error,
    [property: JsonPropertyName("message")] string? Message,
    [property: JsonPropertyName("line")] int Line);

[JsonSerializable(typeof(RubyAnswer))]
internal sealed partial class RubyAnswerContext : JsonSerializerContext;
