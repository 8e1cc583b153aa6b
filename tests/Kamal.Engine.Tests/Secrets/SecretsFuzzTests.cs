using CsCheck;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Secrets;

public sealed class SecretsFuzzTests
{
    /// <summary>Text made of the characters that mean something here.</summary>
    private static readonly Gen<string> Hostile = OneOf(
        "$", "(", ")", "{", "}", "\"", "'", "\\", "#", "\n", "\r", " ", "=", ":", "`", "|", "-", "A", "B1", "export ", "$(", "${",
        "\\$", "kamal secrets ",
        "$(kamal secrets extract A ", "ü", "\0", "\uFEFF", "A=", "\nB=").List[0, 40].Select(string.Concat);

    [Fact]
    public void Any_text_is_read_or_refused_with_lines() => Hostile.Sample(
        text =>
        {
            try
            {
                var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r').Length;
                foreach (var entry in SecretsFileParser.Parse(text, "secrets"))
                {
                    Assert.InRange(entry.Line, 1, lines);
                    Assert.Matches("^[A-Za-z0-9_.]+$", entry.Key);
                }
            }
            catch (KamalException exception)
            {
                Assert.Equal(KamalErrorId.ConfigurationInvalid, exception.Id);
                Assert.All(exception.Message.Split('\n'), line => Assert.Matches("^secrets:[0-9]+: ", line));
            }
        },
        iter: 20_000);

    [Fact]
    public void A_value_in_single_quotes_is_itself() => Gen.String.Where(text => !text.Contains('\'') && !text.Contains('\r')).Sample(
        text =>
        {
            var entry = Assert.Single(SecretsFileParser.Parse($"A='{text}'", "secrets"));
            var value = entry.Parts is [] ? "" : Assert.IsType<SecretPart.Literal>(Assert.Single(entry.Parts)).Text;
            Assert.Equal(text, value);
        },
        iter: 5_000);

    [Fact]
    public void What_is_written_as_json_is_extracted_again() =>
        Gen.Select(Gen.String, Gen.String).Where(pair => IsText(pair.Item1) && IsText(pair.Item2)).Sample(
        (name, value) => Assert.Equal(value, SecretsJson.Extract(name, SecretsJson.Write([new(name, new(value))])).Reveal()),
        iter: 5_000);

    [Fact]
    public void What_is_escaped_is_one_word_again() => Gen.String.Where(text => !text.Contains('\0')).Sample(
        text => Assert.Equal([text], InlineCommand.SplitPlain(ShellEscape.Escape(text))),
        iter: 5_000);

    [Fact]
    public void A_file_as_large_as_may_be_is_read_in_bounded_time()
    {
        string[] files =
        [
            string.Concat(Enumerable.Repeat("A=\"", 340_000)), string.Concat(
                Enumerable.Repeat("A=\"\n", 250_000)), string.Concat(Enumerable.Repeat("\\\"", 500_000)),
            "A=" + new string('(', 1_000_000), "A=" + string.Concat(Enumerable.Repeat("$(", 500_000)), "A=\"" + string.Concat(
                Enumerable.Repeat("\\\"", 500_000)),
            string.Concat(Enumerable.Repeat("A=$(x\\\n", 120_000)), string.Concat(
                Enumerable.Repeat("A='\nB=\"\n", 120_000)), "A=" + string.Concat(Enumerable.Repeat("$A", 500_000)),
            "A=\"" + string.Concat(
                Enumerable.Repeat("$(kamal secrets extract ", 40_000)) + "\"", "A=" + string.Concat(Enumerable.Repeat("\\${A:-", 160_000)),
            "A=" + string.Concat(Enumerable.Repeat("${A:-", 160_000)) + new string('}', 160_000), "A=" + string.Concat(
                Enumerable.Repeat("${A:-$(x)}", 100_000)), "A=" + new string('x', 1_000_000),
        ];
        foreach (var file in files)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            try
            {
                SecretsFileParser.Parse(file, "secrets");
            }
            catch (KamalException)
            {
                // Refused is as good as read.
            }

            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{file[..Math.Min(20, file.Length)]}… took {clock.Elapsed}.");
        }
    }

    private static Gen<string> OneOf(params string[] pieces) => Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]);

    private static bool IsText(string text)
    {
        // Half surrogates are no text: JSON cannot hold them.
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
