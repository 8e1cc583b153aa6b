using System.Globalization;
using Xunit;

namespace Kamal.Engine.Tests.Output;

/// <summary>Text of hosts steers neither the terminal nor the CI service that shows it.</summary>
public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain text, grüße, 漢字, 👩‍🚀", "plain text, grüße, 漢字, 👩‍🚀")]
    [InlineData("\e]52;c;cm0gLXJmIC8=\a", @"\e]52;c;cm0gLXJmIC8=\x07")]
    [InlineData("\u009d52;c;x\u009c", @"\x9d52;c;x\x9c")]
    [InlineData("del\u007f nul\0", @"del\x7f nul\x00")]
    [InlineData("back\bspace\rover", @"back\x08space\rover")]
    [InlineData("evil\u202etxt.exe\u2066 \u200b\ufeff", @"evil\u202etxt.exe\u2066 \u200b\ufeff")]
    [InlineData("a\u2028b\u2029c\u0085d", @"a\u2028b\u2029c\x85d")]
    [InlineData("tag\U000E0041", @"tag\u{e0041}")]
    [InlineData("col\tumn", "col    umn")]
    [InlineData("a\nb\r\nc", "a\nb\nc")]
    public void Control_and_format_characters_are_escaped(string text, string shown)
    {
        Assert.Equal(shown, SafeText.Lines(text, inCi: false));
        Assert.Equal(shown, SafeText.Lines(SafeText.Lines(text, inCi: false), inCi: false));
    }

    [Fact]
    public void A_lone_surrogate_is_escaped() => Assert.Equal(@"a\ud83d b\udc00", SafeText.Line("a\ud83d b\udc00", inCi: false));

    [Fact]
    public void A_field_has_no_line_breaks() => Assert.Equal(@"v1\n##vso[x]\r\n", SafeText.Line("v1\n##vso[x]\r\n", inCi: false));

    [Fact]
    public void No_character_that_steers_a_terminal_is_left()
    {
        var all = string.Concat(Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(c => !char.IsHighSurrogate(c)));
        foreach (var shown in (string[])[SafeText.Line(all, inCi: false), SafeText.Line(all, inCi: true)])
        {
            Assert.DoesNotContain(shown, c => char.IsControl(c) || char.IsSurrogate(c));
            Assert.Equal("\u200c\u200d", string.Concat(shown.Where(c => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format)));
        }
    }

    [Theory]
    [InlineData("##vso[task.setvariable variable=x]y")]
    [InlineData("at any place ##vso[task.complete]")]
    [InlineData("##VSO[task.complete]")]
    [InlineData("##[error]no")]
    [InlineData("###[group]x")]
    [InlineData("##teamcity[buildStop comment='x']")]
    [InlineData("::error::x")]
    [InlineData("   ::error file=a,line=1::x")]
    [InlineData("in a column   ::add-mask::x")]
    [InlineData("::set-output name=x::y")]
    [InlineData("::stop-commands::token")]
    [InlineData("::token::")]
    [InlineData("ok\n::warning::x")]
    [InlineData("section_start:1560896352:deploy[collapsed=true]\r\e[0Kx")]
    [InlineData("--- a group")]
    [InlineData("ok\n+++ open")]
    public void Commands_of_CI_services_are_broken_up_where_one_reads(string text)
    {
        var shown = SafeText.Lines(text, inCi: true);
        Assert.DoesNotContain("##vso[", shown, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("##[", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("##teamcity[", shown, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m)^\s*::", shown);
        Assert.DoesNotContain("::add-mask::", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("section_start:", shown, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m)^(---|\+\+\+) ", shown);
        Assert.Equal(shown, SafeText.Lines(shown, inCi: true));
    }

    [Theory]
    [InlineData("ActiveRecord::Base::Error: no")]
    [InlineData("std::vector, ## a title, C::D")]
    [InlineData("# ::")]
    public void Other_text_is_left_alone_there(string text) => Assert.Equal(text, SafeText.Lines(text, inCi: true));

    [Fact]
    public void Nothing_is_broken_up_at_a_terminal() =>
        Assert.Equal("::error::x ##vso[y]", SafeText.Lines("::error::x ##vso[y]", inCi: false));

    [Theory]
    [InlineData("TF_BUILD", "True", true)]
    [InlineData("GITHUB_ACTIONS", "true", true)]
    [InlineData("GITLAB_CI", "true", true)]
    [InlineData("TEAMCITY_VERSION", "2026.1", true)]
    [InlineData("BUILDKITE", "false", false)]
    [InlineData("HOME", "/root", false)]
    public void A_CI_service_is_known_by_its_variable(string name, string value, bool isCi) =>
        Assert.Equal(isCi, SafeText.IsCi(asked => asked == name ? value : null));

    [Fact]
    public void Each_further_line_gets_its_prefix_once()
    {
        Assert.Equal("web1: failed: one\n[web1] two\n\n[web1] three", SafeText.Indent("web1: failed: one\ntwo\n\n[web1] three", "[web1] "));
        Assert.Equal("one", SafeText.Indent("one", "| "));
    }
}
