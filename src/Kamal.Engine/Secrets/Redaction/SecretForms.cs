using System.Text;
using System.Text.Encodings.Web;

namespace Kamal.Engine.Secrets.Redaction;

/// <summary>
/// What is looked for of a secret: the whole, its lines, and its base64 and hexadecimal forms. Each is prepared once. For one
/// thread at a time.
/// </summary>
internal sealed class SecretForms
{
    /// <summary>The longest value that is looked for in rarer encodings, too.</summary>
    private const int Rare = 512;

    /// <summary>
    /// Bytes of a block of base64: 64 characters. A longer secret is looked for in blocks, so that a cut piece of it is found
    /// too.
    /// </summary>
    private const int BlockLength = 48;

    /// <summary>Characters of a block of a long secret without blanks, such as a token.</summary>
    private const int PieceLength = 32;

    /// <summary>Line endings of a value, also where they are escaped, as those of a key inside JSON.</summary>
    private static readonly string[] LineEnds = ["\r\n", "\n", "\\r\\n", "\\n"];

    private readonly CharacterForms _characters = new();
    private readonly Dictionary<string, Needle[]> _made = new(StringComparer.Ordinal);

    /// <summary>The needles of a secret.</summary>
    /// <param name="value">The secret.</param>
    public IEnumerable<Needle> NeedlesOf(string value)
    {
        if (!_made.TryGetValue(value, out var needles)) _made[value] = needles = [.. Make(value)];
        return needles;
    }

    /// <summary>The lines of a secret, and the password in it, which a program that replaces whole texts has to look for.</summary>
    /// <param name="value">The secret.</param>
    public static IEnumerable<string> Masks(string value)
    {
        var whole = value.Trim();
        var lines = whole.Split(LineEnds, StringSplitOptions.TrimEntries).Where(line => !IsArmour(line)).ToHashSet(StringComparer.Ordinal);
        if (PasswordOf(whole) is { } password)
        {
            lines.Add(password);
            lines.Add(Uri.UnescapeDataString(password));
        }

        return lines.Where(line => line.Length >= SecretRedactor.ShortestSecret && !SecretRedactor.IsCommonWord(line)
            && line.Any(char.IsLetterOrDigit) | line == whole);
    }

    private IEnumerable<Needle> Make(string value)
    {
        var whole = value.Trim();
        foreach (var text in Texts(whole))
        {
            foreach (var needle in Needle.Of([.. text.EnumerateRunes().Select(_characters.Of)])) yield return needle;
        }

        foreach (var bytes in Encodings(whole))
        {
            foreach (var needle in Base64(bytes).Concat(Hexadecimal(bytes))) yield return needle;
        }
    }

    private static IEnumerable<string> Texts(string whole)
    {
        HashSet<string> texts = new(StringComparer.Ordinal) { whole };
        foreach (var line in whole.Split(LineEnds, StringSplitOptions.TrimEntries))
        {
            if (!IsArmour(line)) texts.Add(line);
        }

        if (PasswordOf(whole) is { } password)
        {
            texts.Add(password);
            texts.Add(Uri.UnescapeDataString(password));
        }

        foreach (var text in texts.ToList().Where(IsOpaque))
        {
            for (var at = 0; at + PieceLength <= text.Length; at += PieceLength) texts.Add(text.Substring(at, PieceLength));
            texts.Add(text[^PieceLength..]);
        }

        return texts.Where(text => text.Length >= SecretRedactor.ShortestSecret && !SecretRedactor.IsCommonWord(text)
            && text.Any(char.IsLetterOrDigit) | text == whole);
    }

    /// <summary>The password in a URL such as <c>postgres://app:password@db/shop</c>, where it is none of the URL's other words.</summary>
    private static string? PasswordOf(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || text.AsSpan().IndexOfAny(" \n") >= 0) return null;
        var authority = text[(scheme + 3)..];
        if (authority.IndexOfAny(['/', '?', '#']) is >= 0 and var end) authority = authority[..end];
        var at = authority.LastIndexOf('@');
        var colon = at < 0 ? -1 : authority.IndexOf(':', 0, at);
        if (colon < 0) return null;
        var password = authority[(colon + 1)..at];
        var others = text[..(scheme + 3 + colon)] + text[(scheme + 3 + at)..];
        return password.Length >= 6 && !others.Contains(password, StringComparison.OrdinalIgnoreCase) ? password : null;
    }

    private static bool IsArmour(string line) =>
        line.StartsWith("-----", StringComparison.Ordinal) && line.EndsWith("-----", StringComparison.Ordinal)
        && (line.Contains("BEGIN ", StringComparison.Ordinal) || line.Contains("END ", StringComparison.Ordinal));

    private static bool IsOpaque(string text) =>
        text.Length >= 2 * PieceLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=' or '-' or '_' or '.');

    private static IEnumerable<byte[]> Encodings(string whole)
    {
        if (whole.Length < SecretRedactor.ShortestSecret || SecretRedactor.IsCommonWord(whole)) yield break;
        yield return Encoding.UTF8.GetBytes(whole);
        if (whole.Length > Rare) yield break;
        // As PowerShell's -EncodedCommand has it.
        yield return Encoding.Unicode.GetBytes(whole);
        var json = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(whole);
        if (json != whole) yield return Encoding.UTF8.GetBytes(json);
    }

    /// <summary>
    /// The characters that the bytes alone decide, wherever in a longer base64 text they stand: after 0, 1 or 2 bytes more than a
    /// multiple of 3.
    /// </summary>
    private IEnumerable<Needle> Base64(byte[] bytes)
    {
        for (var offset = 0; offset < 3; offset++)
        {
            byte[] padded = [.. new byte[offset], .. bytes];
            for (var from = 0; from < padded.Length;)
            {
                var left = padded.Length - from;
                var take = left < 2 * BlockLength ? left : BlockLength;
                var text = Convert.ToBase64String(padded, from, take);
                var first = from > 0 ? 0 : offset switch { 0 => 0, 1 => 2, _ => 3 };
                var decided = text[first..(take * 8 / 6)];
                from += take;
                foreach (var needle in Needle.Of([.. decided.Select(_characters.OfBase64)], mayBreak: true)) yield return needle;
            }
        }
    }

    private static IEnumerable<Needle> Hexadecimal(byte[] bytes)
    {
        if (bytes.Length > 4 * BlockLength) bytes = bytes[..(4 * BlockLength)];
        foreach (var text in (string[])[Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes)])
        {
            foreach (var needle in Needle.Of([.. text.Select(c => new[] { new CharacterForm(c.ToString()) })])) yield return needle;
        }
    }
}
