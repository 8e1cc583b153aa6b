using Xunit;

namespace Kamal.Engine.Tests.Commands;

/// <summary>Compares what commands render with exact text.</summary>
internal static class Rendered
{
    /// <summary>Compares rows of a command and its text; a failure shows all of them.</summary>
    public static void Equal(params IReadOnlyList<(ShellCommand Command, string Text)> rows) =>
        Assert.Equal(rows.Select(row => row.Text), rows.Select(row => row.Command.Text));

    /// <summary>Compares the words of part of a command with their text.</summary>
    public static void Equal(string text, IEnumerable<ShellWord> words) =>
        Assert.Equal(text, string.Join(' ', words.Select(word => word.Text)));
}
