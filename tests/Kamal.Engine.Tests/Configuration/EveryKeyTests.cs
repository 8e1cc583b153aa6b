using Kamal.Engine.Configuration.Metadata;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>
/// Every documented key does what it says and refuses what it must. The list of keys is the metadata's: one without a case fails.
/// </summary>
public sealed class EveryKeyTests
{
    public static TheoryData<string, string> Keys()
    {
        var keys = new TheoryData<string, string>();
        foreach (var section in ConfigurationMetadata.Sections)
        {
            foreach (var key in section.Keys) keys.Add(section.Name, key.Name);
        }

        return keys;
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task AGoodValueHasItsEffect(string section, string key)
    {
        var expected = CaseOf(section, key);
        var configuration = await ConfigurationFixture.LoadWithAsync(Lines(section, key, expected, expected.Good));
        Assert.Equal(expected.Expected, KeyCase.Show(expected.Effect(configuration)));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task ABadValueHasItsMessage(string section, string key)
    {
        var expected = CaseOf(section, key);
        var problems = await ConfigurationFixture.ProblemsWithAsync(Lines(section, key, expected, expected.Bad));
        Assert.Contains(problems, problem => problem.ToString().Contains(expected.Message, StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.True(problem.Line > 0, problem.ToString()));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task ItsExampleIsValid(string section, string key)
    {
        var example = ConfigurationMetadata.Sections.First(known => known.Name == section).Find(key)!.Example;
        var lines = Lines(section, key, CaseOf(section, key), example);
        if (section == "configuration" && key == "primary_role") lines = lines.Replace("jobs:", "workers:", StringComparison.Ordinal);
        if (key is "require_destination") return;
        if (section == "accessory" && key is "tag" or "tags") lines = lines.Replace(" t ", " writer ", StringComparison.Ordinal);
        if (section == "configuration" && key == "allow_empty_roles") lines = lines.Replace("[]", "[ x ]", StringComparison.Ordinal);
        await ConfigurationFixture.LoadWithAsync(lines);
    }

    [Fact]
    public void NoCaseIsLeftOver()
    {
        var known = ConfigurationMetadata.Sections.SelectMany(section => section.Keys.Select(key => $"{section.Name}/{key.Name}"));
        Assert.Empty(KeyCases.All.Keys.Except(known));
    }

    private static KeyCase CaseOf(string section, string key) =>
        KeyCases.All.TryGetValue($"{section}/{key}", out var found)
            ? found
            : throw new InvalidOperationException($"{section}/{key} has no case in KeyCases.");

    private static string Lines(string section, string key, KeyCase expected, string value) =>
        expected.Lines?.Replace("@", value, StringComparison.Ordinal)
        ?? KeyCases.Places[section].Replace("@", $"{key}: {value}", StringComparison.Ordinal);
}
