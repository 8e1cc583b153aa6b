using System.Net;
using System.Text;
using System.Text.Json;

namespace Kamal.Tests.Sentinel;

/// <summary>The output of hostile programs: every secret in every encoding, escape sequences, commands of CI services.</summary>
internal static class SentinelWords
{
    public const string Key = "-----BEGIN OPENSSH PRIVATE " +
        "KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU/first+line\nQyNTUxOQAAACDkq9a/second+line\n-----END OPENSSH PRIVATE KEY-----";

    /// <summary>Secrets, by their source.</summary>
    public static IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string>
    {
        ["PLAIN"] = "correct-horse-7",
        ["QUOTED"] = "p4$$w0rd\"with'quotes`",
        ["SPACED"] = "two words & <more>",
        ["BACKSLASH"] = @"back\slash#{x}",
        ["UNICODE"] = "pässwörd-ключ-🔑",
        ["URL"] = "postgres://app:u9-Zx.q1@db.example.com/shop?sslmode=require",
        ["JSON"] = "{\"tok\":\"abc-def-ghi\",\"n\":[1,2]}",
        ["KEY"] = Key,
        ["TOKEN"] = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        ["FROM_COMMAND"] = "of-a-command-42",
        ["REGISTRY"] = "literal/in+deploy.yml==",
        ["CACHE"] = "t0ken-of-the-cache",
        ["EXEC"] = "given=to exec -e",
    };

    /// <summary>A secret of two characters.</summary>
    public const string Short = "PIN=42";

    private static readonly string[] Escapes =
    [
        "\e]52;c;cm0gLXJmIC8=\a", "\e[2J\e[1;1Hgone", "\u009b31mC1\u009c", "\u202etxt.exe\u2066", "over\rwritten\b\b",
        "del\u007f\0nul", "##vso[task.complete result=Succeeded;]done",
        "##[error]no", "::error file=x::no", "::add-mask::x", "   ::set-output name=a::b", "##teamcity[buildStop]",
        "section_start:1560896352:x\r\e[0Kx",
    ];

    /// <summary>The whole output.</summary>
    public static string All { get; } = string.Join(
        '\n', [.. Secrets.Values.Select(secret => string.Join(" , ", Encodings(secret))), Short, .. Escapes]) + "\n";

    /// <summary>Text that the module must not show.</summary>
    public static IReadOnlyList<string> Forbidden { get; } =
    [
        Short, .. Secrets.Where(secret => secret.Key != "EXEC").SelectMany(secret => Forms(secret.Value)).Distinct(),
    ];

    /// <summary>Text that a run with a value from <c>exec -e</c> must not show.</summary>
    public static IReadOnlyList<string> ForbiddenInExec { get; } = [.. Forms(Secrets["EXEC"])];

    private static IEnumerable<string> Forms(string secret) =>
        [.. Encodings(secret).Select(Core), .. secret.Split('\n').Where(line => !line.StartsWith("-----", StringComparison.Ordinal))];

    private static IEnumerable<string> Encodings(string secret) =>
    [
        secret,
        JsonSerializer.Serialize(secret),
        Uri.EscapeDataString(secret),
        WebUtility.UrlEncode(secret),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("deploy:" + secret)),
        "'" + secret.Replace("'", @"'\''", StringComparison.Ordinal) + "'",
        "\"" + secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("#{", "\\#{", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"",
    ];

    /// <summary>An encoding without quotes, and for base64 without the characters that also depend on the surrounding text.</summary>
    private static string Core(string encoded) =>
        encoded.Length > 2 && encoded[0] is '"' or '\'' && encoded[^1] == encoded[0]
            ? encoded[1..^1]
            : encoded.TrimEnd('=') is var bare && bare.Length > 24 && bare.StartsWith("ZGVwbG95O", StringComparison.Ordinal)
            ? bare[11..^1]
            : encoded;
}
