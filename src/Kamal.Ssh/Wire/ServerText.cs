using Kamal.Common;

namespace Kamal.Ssh.Wire;

/// <summary>Text that a server, an agent or whoever is between sent, also before the host's key is checked.</summary>
internal static class ServerText
{
    /// <summary>How much of such text is worth showing, in characters.</summary>
    private const int Longest = 1000;

    /// <summary>The text in one line, without what could steer a terminal.</summary>
    public static string Clean(string text)
    {
        var line = string.Join("; ", text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return EscapedText.Of(line.Length > Longest ? line[..Longest] + "…" : line, keepLines: false);
    }

    /// <summary>The words of an error, which quote the server's, as its reason to disconnect.</summary>
    public static string Of(Exception failure) => Clean(failure.Message);
}
