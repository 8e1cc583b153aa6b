using Kamal.Engine.Results;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Secrets;

public sealed class SecretsJsonTests
{
    [Fact]
    public void Names_and_values_are_written_as_ruby_dumps_them()
    {
        KamalSecret[] secrets = [new("a/b", new("x\"y\\z/\n\r\t\f\b\u0001\x7fü😀<&'\u2028")), new("none", null), new("", new(""))];
        Assert.Equal(
            "{\"a/b\":\"x\\\"y\\\\z/\\n\\r\\t\\f\\b\\u0001\x7fü😀<&'\u2028\",\"none\":null,\"\":\"\"}",
            SecretsJson.Write(secrets).Reveal());
        Assert.Equal("{}", SecretsJson.Write([]).Reveal());
    }

    [Theory]
    [InlineData("A", "whole")]
    [InlineData("B", "first")]
    [InlineData("x/B", "first")]
    [InlineData("N", "5")]
    [InlineData("F", "1.5")]
    [InlineData("T", "true")]
    [InlineData("O", "{\"a\":[1,null,\"x\"],\"b\":{}}")]
    [InlineData("L", "ending")]
    public void One_is_found_by_its_name_or_by_its_end(string name, string expected)
    {
        const string Json = """{"v/A":"ending","A":"whole","x/B":"first","y/B":"second","N":5,"F":1.50,"T":true,"O":{"a":[1, null, "x"],"b":{}},"L":null,"z/L":"ending"}""";
        Assert.Equal(expected, SecretsJson.Extract(name, new(Json)).Reveal());
    }

    [Theory]
    [InlineData("1.0", "1.0")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("1e3", "1000.0")]
    [InlineData("1.25e-3", "0.00125")]
    [InlineData("1e16", "1.0e+16")]
    [InlineData("1.5E-7", "1.5e-07")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("1000000000000000.5", "1000000000000000.5")]
    public void Numbers_are_written_as_ruby_prints_them(string json, string expected) =>
        Assert.Equal(expected, SecretsJson.Extract("N", new($"{{\"N\":{json}}}")).Reveal());

    [Theory]
    [InlineData("nojson")]
    [InlineData("{\"A\":\"hunter2\"")]
    [InlineData("hunter2")]
    [InlineData("[\"hunter2\"]")]
    [InlineData("")]
    public void What_is_no_fetch_is_refused_without_being_shown(string json)
    {
        var error = Assert.Throws<KamalException>(() => SecretsJson.Extract("Q", new(json)));
        Assert.Equal(KamalErrorId.SecretUnavailable, error.Id);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("a-Z_0.,:+/@", "a-Z_0.,:+/@")]
    [InlineData("{\"A\":\"x y\"}", "\\{\\\"A\\\":\\\"x\\ y\\\"\\}")]
    [InlineData("a\nb=", "a'\n'b\\=")]
    [InlineData("ü😀", "\\ü\\😀")]
    public void Escaping_is_rubys_shellescape(string text, string expected) => Assert.Equal(expected, ShellEscape.Escape(text));
}
