using Xunit;

namespace Kamal.Engine.Tests.Configuration;

public sealed class DestinationTests
{
    [Fact]
    public async Task MapsMergeAndAllElseIsReplaced()
    {
        using var fixture = new ConfigurationFixture()
            .Write(
                "config/deploy.yml",
                ConfigurationFixture.Minimal + "env: { clear: { A: base, B: base }, secret: [ S ] }\nlabels: { x: y }\nvolumes: [ " +
                    "\"/a:/a\" ]\n")
            .Write(
                "config/deploy.staging.yml",
                "servers: [ 2.2.2.2 ]\nenv:\n  clear: { B: staging, C: new }\n  secret: [ T ]\nvolumes: [ \"/b:/b\" ]\nimage: other\n");
        var configuration = await fixture.LoadAsync("staging");
        Assert.Equal("[A=base, B=staging, C=new]", KeyCase.Show(configuration.Roles[0].Env.Clear));
        Assert.Equal("[T<T]", KeyCase.Show(configuration.Roles[0].Env.Secret));
        Assert.Equal(["2.2.2.2"], configuration.AllHosts);
        Assert.Equal(["/b:/b"], configuration.Volumes);
        Assert.Equal(
            ("other", "app-staging", "latest-staging"),
            (configuration.Image, configuration.ServiceAndDestination, configuration.LatestTag));
        Assert.Equal(["1.1.1.1"], (await fixture.LoadAsync()).AllHosts);
    }

    [Fact]
    public async Task ProblemsNameTheFileTheyAreIn()
    {
        using var fixture = new ConfigurationFixture()
            .Write("config/deploy.yml", ConfigurationFixture.Minimal + "boot: { wiat: 1 }\n")
            .Write("config/deploy.prod.yml", "\nboot:\n  limt: 2\n");
        var problems = (await fixture.CheckAsync("prod")).Problems;
        Assert.Equal(
            [("config/deploy.prod.yml", 3, "boot/limt"), ("config/deploy.yml", 6, "boot/wiat")],
            problems.Select(problem => (problem.File, problem.Line, problem.Path)));
    }

    [Fact]
    public async Task AnEmptyDestinationFileChangesNothing()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", ConfigurationFixture.Minimal)
            .Write("config/deploy.prod.yml", "# nothing\n");
        Assert.Equal("prod", (await fixture.LoadAsync("prod")).Destination);
    }

    [Fact]
    public async Task AMissingDestinationNamesTheNearest()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", ConfigurationFixture.Minimal)
            .Write("config/deploy.staging.yml", "");
        var error = await Assert.ThrowsAsync<KamalException>(() => fixture.LoadAsync("stagign"));
        Assert.Equal((KamalErrorId.ConfigurationNotFound, "Did you mean staging?"), (error.Id, error.Recommendation));
        Assert.Equal(KamalErrorId.ArgumentInvalid, (await Assert.ThrowsAsync<KamalException>(() => fixture.LoadAsync("../x"))).Id);
    }

    [Fact]
    public async Task RequireDestinationIsMetByADestination()
    {
        using var fixture = new ConfigurationFixture()
            .Write("config/deploy.yml", ConfigurationFixture.Minimal + "require_destination: true\n")
            .Write("config/deploy.prod.yml", "");
        Assert.Equal("require_destination", Assert.Single((await fixture.CheckAsync()).Problems).Path);
        Assert.Empty((await fixture.CheckAsync("prod")).Problems);
    }

    [Fact]
    public async Task TheTemplateKnowsItsDestination()
    {
        using var fixture = new ConfigurationFixture()
            .Write(
                "config/deploy.yml",
                ConfigurationFixture.Minimal.Replace("dhh/app", "<%= ENV[\"KAMAL_DESTINATION\"] || \"none\" %>", StringComparison.Ordinal))
            .Write("config/deploy.prod.yml", "");
        Assert.Equal(("none", "prod"), ((await fixture.LoadAsync()).Image, (await fixture.LoadAsync("prod")).Image));
    }

    [Fact]
    public async Task DotenvVariablesAreHandedOnOpaquely()
    {
        using var fixture = new ConfigurationFixture()
            .Write(".env", "KAMAL_TEST_TOKEN=hidden\n")
            .Write("config/deploy.yml", "<% require \"dotenv\"; Dotenv.load(\".env\") %>\n" + ConfigurationFixture.Minimal);
        var configuration = await fixture.LoadAsync();
        Assert.Equal("hidden", configuration.LoadedVariables["KAMAL_TEST_TOKEN"].Reveal());
        Assert.DoesNotContain("hidden", configuration.ToString(), StringComparison.Ordinal);
        Assert.Null(Environment.GetEnvironmentVariable("KAMAL_TEST_TOKEN"));
    }
}
