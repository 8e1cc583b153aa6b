using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>What the views show of text that keeps its true form in an object: output of commands, log lines, names of secrets.</summary>
public static class ShownText
{
    /// <summary>Text with a prefix before each of its lines.</summary>
    /// <param name="prefix">The prefix, as <c>[host role]</c>.</param>
    /// <param name="text">The text, which may steer a terminal or a CI service.</param>
    public static string Lines(string prefix, string? text)
    {
        var guard = EventGuard.OfProcess();
        return string.Join('\n', guard.Asked(text ?? "").Split('\n').Select(line => $"{guard.Line(prefix)} {line}"));
    }

    /// <summary>A field.</summary>
    /// <param name="text">The text.</param>
    public static string Field(string? text) => EventGuard.OfProcess().Line(text ?? "");
}
