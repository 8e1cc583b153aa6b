using Xunit;

namespace Kamal.Engine.Tests.Values;

public sealed class WildcardTests
{
    [Theory]
    [InlineData("web", "web", true)]
    [InlineData("web", "web1", false)]
    [InlineData("web*", "web1", true)]
    [InlineData("*", "", true)]
    [InlineData("*.example.com", "web1.example.com", true)]
    [InlineData("*a*b", "xaabab", true)]
    [InlineData("*a*b", "xaaba", false)]
    [InlineData("web?", "web1", true)]
    [InlineData("web?", "web", false)]
    [InlineData("web[1-3]", "web2", true)]
    [InlineData("web[1-3]", "web4", false)]
    [InlineData("web[13]*", "web3.example.com", true)]
    [InlineData("d[ab]", "db", true)]
    [InlineData("[]a]", "]", true)]
    [InlineData("[a-", "[a-", true)]
    [InlineData("[a", "[b", false)]
    [InlineData("[2001:db8::1]", "[2001:db8::1]", true)]
    [InlineData("`*", "*", true)]
    [InlineData("`*", "a", false)]
    [InlineData("WEB*", "web1", false)]
    public void A_pattern_matches_as_in_PowerShell_but_by_case(string pattern, string name, bool expected) =>
        Assert.Equal(expected, Wildcard.Matches(pattern, name));
}
