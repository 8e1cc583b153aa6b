using System.Text;
using System.Text.Json;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Secrets;

/// <summary>Secrets are found in whatever form programs print them.</summary>
public sealed class SecretRedactorTests
{
    private const string Key =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\nQyNTUxOQAAACDkq9+/hidden+tail/of==\n-----END OPENSSH PRIVATE KEY-----";

    /// <summary>
    /// Of every make: plain, with quotes, blanks, dollars, backslashes, not ASCII, a URL, JSON, several lines, long, without a
    /// letter.
    /// </summary>
    private static readonly string[] Secrets =
    [
        "hunter2", "p4$$w0rd'with\"quotes", "two words & <more>", @"back\slash#{x}`y`", "pässwörd-ключ-🔑",
        "postgres://app:u9-Zx.q1@db.example.com/shop?sslmode=require",
        "{\"token\":\"abc\\ndef\",\"n\":1}", Key,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "!$%&=?*+",
        "a$b", "tab\there\nline two\r\nline three", "s3cr3t==/+x",
    ];

    public static TheoryData<string, Func<string, string>> Encodings => new()
    {
        { "raw", text => text },
        { "JSON of .NET", text => JsonSerializer.Serialize(text) },
        { "JSON of others", text => "\"" + text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("/", @"\/", StringComparison.Ordinal) + "\"" },
        { "JSON in JSON", text => JsonSerializer.Serialize(JsonSerializer.Serialize(text)) },
        { "URL", Uri.EscapeDataString },
        { "URL in lower case", text => System.Web.HttpUtility.UrlEncode(text) },
        { "base64", text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) },
        { "base64 after one byte", text => Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + text + "\n")) },
        { "base64 of basic auth", text => Convert.ToBase64String(Encoding.UTF8.GetBytes("deploy-user:" + text)) },
        { "base64 in lines", text => Convert.ToBase64String(Encoding.UTF8.GetBytes("a longer text around it, so that it is broken: " + text + " and on it goes"), Base64FormattingOptions.InsertLineBreaks) },
        { "base64 for URLs", text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Replace('+', '-').Replace('/', '_').TrimEnd('=') },
        { "UTF-16 base64", text => Convert.ToBase64String(Encoding.Unicode.GetBytes("$x='" + text + "'")) },
        { "single quotes of a shell", text => "'" + text.Replace("'", @"'\''", StringComparison.Ordinal) + "'" },
        { "double quotes of a shell", text => "\"" + string.Concat(text.Select(c => c is '$' or '"' or '\\' or '`' ? @"\" + c : c.ToString())) + "\"" },
        { "a shell's backslashes", text => string.Concat(text.EnumerateRunes().Select(r => r.IsAscii && !Rune.IsLetterOrDigit(r) && r.Value != '\n' ? @"\" + r : r.ToString())) },
        { "Ruby", text => "\"" + text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("#{", "\\#{", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) + "\"" },
        { "an env file", text => EnvFile.Render([new("NAME", new(text))]) },
        { "HTML", text => System.Net.WebUtility.HtmlEncode(text) },
        { "hexadecimal", text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)) },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Each_secret_is_found_in_each_encoding(string encoding, Func<string, string> encode)
    {
        var redactor = new SecretRedactor(Secrets.Select(secret => new SecretValue(secret)));
        foreach (var secret in Secrets.Where(secret => secret.Length > 3))
        {
            var text = $"before <{encode(secret)}> after";
            var redacted = redactor.Redact(text);
            Assert.StartsWith("before <", redacted, StringComparison.Ordinal);
            Assert.EndsWith("> after", redacted, StringComparison.Ordinal);
            Assert.True(redacted.Contains("[REDACTED]", StringComparison.Ordinal), $"{encoding}: {redacted}");
            // What may be left: quotes around it, and of base64 what the text around it decides too.
            var left = redacted["before <".Length..^"> after".Length].Replace("[REDACTED]", "", StringComparison.Ordinal);
            var allowed = encoding.Contains("base64", StringComparison.Ordinal)
                ? encode("").Length + encode(" ").Length + 8
                : encode("").Length + 4;
            Assert.True(left.Length <= allowed, $"{encoding}: {redacted}");
        }
    }

    [Fact]
    public void Each_line_of_a_secret_is_one()
    {
        var redactor = new SecretRedactor(
            [new(Key), new("{\"private_key\":\"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBg\\n-----END PRIVATE KEY-----\\n\"}")]);
        Assert.Equal("[REDACTED]", redactor.Redact("QyNTUxOQAAACDkq9+/hidden+tail/of=="));
        Assert.Equal("reading [REDACTED] failed", redactor.Redact("reading MIIEvQIBADANBg failed"));
        Assert.Equal("-----BEGIN OPENSSH PRIVATE KEY-----", redactor.Redact("-----BEGIN OPENSSH PRIVATE KEY-----"));
    }

    [Fact]
    public void The_password_of_a_URL_is_one_too_unless_it_is_another_of_its_words()
    {
        Assert.Equal(
            "FATAL: app with password [REDACTED]",
            new SecretRedactor([new("postgres://app:u9-Zx.q1%2B@db/shop")]).Redact("FATAL: app with password u9-Zx.q1+"));
        Assert.Equal("postgres is up", new SecretRedactor([new("postgres://postgres:postgres@db/shop")]).Redact("postgres is up"));
    }

    [Fact]
    public void A_cut_piece_of_a_long_token_is_found()
    {
        var token = string.Concat(Enumerable.Range(0, 200).Select(i => (char)('a' + (i * 7 % 26))));
        var redacted = new SecretRedactor([new(token)]).Redact($"token {token[20..150]}…");
        Assert.Contains("[REDACTED]", redacted, StringComparison.Ordinal);
        Assert.True(redacted.Length < 90, redacted);
    }

    [Fact]
    public void A_very_short_value_is_taken_out_behind_its_name_only()
    {
        var redactor = SecretRedactor.OfNamed([new("PIN", new("12")), new("X", new("a"))]);
        Assert.Equal(
            "PIN=[REDACTED] \"PIN\": \"[REDACTED]\" PIN: [REDACTED], \\\"PIN\\\":\\\"[REDACTED]\\\"",
            redactor.Redact("PIN=12 \"PIN\": \"12\" PIN: 12, \\\"PIN\\\":\\\"12\\\""));
        Assert.Equal("12 apples at 12:12, SPIN=12, PIN=123, an a", redactor.Redact("12 apples at 12:12, SPIN=12, PIN=123, an a"));
        Assert.Equal("X=[REDACTED]", redactor.Redact("X=a"));
        Assert.Equal("it is true", new SecretRedactor([new("true"), new("null")]).Redact("it is true"));
    }

    [Fact]
    public void Whatever_the_configuration_shows_as_a_name_stays_readable()
    {
        var register = new SecretRegister();
        register.Add("POSTGRES_DB", new("shop"));
        register.Publish(["shop"]);
        register.Add("PASSWORD", new("hunter2"));
        var run = new SecretRegister(register);
        run.Add("TOKEN", new("t0ken"));
        Assert.Equal("shop [REDACTED] t0ken", register.Redactor.Redact("shop hunter2 t0ken"));
        Assert.Equal("shop [REDACTED] [REDACTED]", run.Redactor.Redact("shop hunter2 t0ken"));
        register.Add("LATER", new("later-one"));
        Assert.Equal("[REDACTED]", run.Redactor.Redact("later-one"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_stream_in_pieces_shows_none_whatever_they_cut(int length)
    {
        List<string> lines = [];
        var redactor = new SecretRedactor([new("hunter2"), new("pässwörd-🔑")]);
        var stream = new StreamRedactor(redactor.Redact, lines.Add);
        var bytes = Encoding.UTF8.GetBytes("one hunter2 two\r\npässwörd-🔑\nthe last: hunter2");
        for (var at = 0; at < bytes.Length; at += length) stream.Append(bytes.AsSpan(at, Math.Min(length, bytes.Length - at)));
        stream.Flush();
        Assert.Equal(["one [REDACTED] two", "[REDACTED]", "the last: [REDACTED]"], lines);
    }

    [Fact]
    public void A_line_without_end_goes_on_in_bounded_pieces_and_shows_none()
    {
        List<string> pieces = [];
        var stream = new StreamRedactor(new SecretRedactor([new("hunter2")]).Redact, pieces.Add);
        for (var i = 0; i < 200_000; i++) stream.Append("hunter2,x");
        stream.Flush();
        Assert.True(pieces.Count > 1);
        Assert.DoesNotContain("hunter2", string.Concat(pieces), StringComparison.Ordinal);
        Assert.Equal(200_000, string.Concat(pieces).Count(c => c == 'x'));
    }
}
