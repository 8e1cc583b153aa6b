using Kamal.Common;

namespace Kamal.Ssh.Wire;

/// <summary>Text from a server, an agent or a man in the middle: it may arrive before the host's key is checked.</summary>
internal static class ServerText
{
    /// <summary>The most characters to show.</summary>
    private const int Longest = 1000;

    /// <summary>The text on one line, with control characters escaped.</summary>
    public static string Clean(string text)
    {
        var line = string.Join("; ", text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return EscapedText.Of(line.Length > Longest ? line[..Longest] + "…" : line, keepLines: false);
    }

    /// <summary>The message of an error, which may quote the server, such as its reason to disconnect.</summary>
    public static string Of(Exception failure) => Clean(failure.Message);
}
