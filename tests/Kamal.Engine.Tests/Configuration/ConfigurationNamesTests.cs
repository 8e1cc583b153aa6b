using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

public sealed class ConfigurationNamesTests
{
    [Fact]
    public void ReadsNamesWithoutEvaluatingAnything()
    {
        using var fixture = new ConfigurationFixture()
            .Write("config/deploy.yml", """
                service: <%= `touch ran` %>
                servers:
                <% %w[a b].each do |x| %>
                  web: [ h1, { h2: tag }, <%= ENV.fetch("NOT_SET") %> ]
                <% end %>
                  jobs: { hosts: [ h3 ] }
                accessories: { db: { image: x, host: h4 }, cache: { image: x, role: jobs } }
                aliases: { console: app exec bash }
                """)
            .Write("config/deploy.staging.yml", "servers: { web: [ s1 ] }")
            .Write("config/deploy.prod.ps1", "");
        var names = Read(fixture);
        Assert.Equal(["h3", "h1", "h2", "h4"], names.Hosts);
        Assert.Equal(["jobs", "web"], names.Roles);
        Assert.Equal(["db", "cache"], names.Accessories);
        Assert.Equal("app exec bash", Assert.Single(names.Aliases, alias => alias.Key == "console").Value);
        Assert.Equal(["prod", "staging"], names.Destinations);
        Assert.Equal(["h3", "s1", "h4"], Read(fixture, "staging").Hosts);
        Assert.False(File.Exists(Path.Combine(fixture.Root, "ran")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("servers: [")]
    [InlineData("servers: 1")]
    [InlineData("<% ")]
    [InlineData("servers: [ [], { a: b, c: d }, ~ ]\naccessories: [ 1 ]\naliases: 3")]
    public void ABrokenFileHasNoNames(string text)
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", text);
        Assert.Empty(Read(fixture).Hosts);
    }

    [Fact]
    public void AMissingProjectHasNoNames() =>
        Assert.Empty(ConfigurationNames.Read(new YamlReader(), new() { ProjectDirectory = "/does/not/exist" }).Destinations);

    private static ConfigurationNames Read(ConfigurationFixture fixture, string? destination = null) =>
        ConfigurationNames.Read(new YamlReader(), new() { ProjectDirectory = fixture.Root, Destination = destination });
}
