using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Metadata;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

public sealed class DocumentationTests
{
    public static TheoryData<string> Topics() => [.. ConfigurationDocumentation.Topics];

    [Fact]
    public void HasKamalsTopics() => Assert.Equal(
        [
            "accessory", "alias", "boot", "builder", "configuration", "env", "logging", "output", "proxy", "registry", "role",
            "servers", "ssh", "sshkit", "x-kamal-ps"],
        ConfigurationDocumentation.Topics);

    [Theory]
    [MemberData(nameof(Topics))]
    public void ExplainsEveryKeyInReadableYaml(string topic)
    {
        var text = ConfigurationDocumentation.Print(topic);
        var problems = new List<ConfigurationProblem>();
        Assert.NotNull(new YamlReader().Read(new(text, topic), problems));
        Assert.Empty(problems);
        Assert.All(ConfigurationMetadata.FindTopic(topic)!.Keys, key => Assert.Contains($"{key.Name}:", text, StringComparison.Ordinal));
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 120 || !line.TrimStart().StartsWith('#'), line));
    }

    [Fact]
    public void SaysTypeDefaultAndVersion()
    {
        var text = ConfigurationDocumentation.Print("proxy");
        Assert.Contains("  # App port (number; default 80)\n", text, StringComparison.Ordinal);
        Assert.Contains("  # Run (map; since Kamal 2.10)\n", text, StringComparison.Ordinal);
        Assert.Contains("    # Http port (number; default 80; since Kamal 2.10)\n", text, StringComparison.Ordinal);
        Assert.StartsWith(
            "# Configuration\n#\n# `config/deploy.yml` describes the app and where it runs.", ConfigurationDocumentation.Print(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownTopicNamesTheNearest()
    {
        var error = Assert.Throws<KamalException>(() => ConfigurationDocumentation.Print("proxi"));
        Assert.Equal((KamalErrorId.ArgumentInvalid, "Did you mean proxy?"), (error.Id, error.Recommendation));
    }
}
