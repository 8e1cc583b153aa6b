using System.Globalization;

namespace Kamal.Engine.Hosts;

/// <summary>A marker that a script's shell writes between the outputs of its steps.</summary>
/// <param name="Kind"><c>P</c>: the process group is <see cref="Number"/>. <c>B</c>: a step begins. <c>S</c>: it is skipped.
/// <c>E</c>: it ended with exit code <see cref="Number"/>. <c>D</c>: done.</param>
/// <param name="Number">The process group, or the exit code.</param>
internal readonly record struct Marker(char Kind, int Step, int Number)
{
    /// <summary>Parses a marker, which is untrusted input from the host.</summary>
    /// <param name="text">The text after the nonce.</param>
    /// <param name="steps">The number of steps in the script.</param>
    /// <returns>Null if the marker is not valid.</returns>
    public static Marker? Parse(string text, int steps)
    {
        if (text == "D") return new('D', 0, 0);
        var words = text.Split(' ');
        // Never group 1: ending init would shut down the host.
        if (words is ["P", var group]) return Read(group) is > 1 and var number ? new('P', 0, number) : null;
        if (words[0].Length < 2 || Read(words[0][1..]) is not { } step || step >= steps) return null;
        return (words[0][0], words) switch
        {
            ('B' or 'S', [_]) => new(words[0][0], step, 0),
            ('E', [_, var code]) when Read(code) is { } exitCode => new('E', step, exitCode),
            _ => null,
        };
    }

    private static int? Read(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
