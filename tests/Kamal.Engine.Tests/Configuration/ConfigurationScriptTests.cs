using System.Collections;
using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

public sealed class ConfigurationScriptTests
{
    [Fact]
    public async Task AScriptIsAnEqualAlternative()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.ps1", "").Write("config/deploy.prod.yml", "env: { A: yaml }");
        var configuration = await Loader(Minimal())
            .LoadAsync(new() { ProjectDirectory = fixture.Root, Destination = "prod" }, TestContext.Current.CancellationToken);
        Assert.Equal("[A=yaml, B=true, C=1.5]", KeyCase.Show(configuration.Roles[0].Env.Clear));
        Assert.EndsWith("deploy.ps1", configuration.ConfigFile, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItsProblemsNameTheFileAndThePath()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.ps1", "");
        var value = Minimal();
        value["serverss"] = 1;
        value["boot"] = new Hashtable { ["wait"] = new object() };
        var check = await Loader(value).CheckAsync(new() { ProjectDirectory = fixture.Root }, TestContext.Current.CancellationToken);
        Assert.Contains(
            "config/deploy.ps1: serverss: unknown key (did you mean servers?)",
            check.Problems.Select(problem => problem.ToString()));
        Assert.Contains(check.Problems, problem => problem.Path == "boot/wait");
    }

    [Fact]
    public async Task YamlAndScriptTogetherAreAnError()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.ps1", "")
            .Write("config/deploy.yml", ConfigurationFixture.Minimal);
        Assert.Contains(
            "both this file and deploy.yml exist", Assert.Single((await fixture.CheckAsync()).Problems).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AValueThatContainsItselfIsAnError()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.ps1", "");
        var value = Minimal();
        value["x-loop"] = value;
        var check = await Loader(value).CheckAsync(new() { ProjectDirectory = fixture.Root }, TestContext.Current.CancellationToken);
        Assert.Contains(check.Problems, problem => problem.Message.Contains("deeper than", StringComparison.Ordinal));
    }

    private static ConfigurationLoader Loader(object? value) => new(new YamlReader(), new FixedScript(value));

    private static Hashtable Minimal() => new()
    {
        ["service"] = "app",
        ["image"] = "dhh/app",
        ["servers"] = new object[] { "1.1.1.1" },
        ["registry"] = new Hashtable { ["username"] = "u", ["password"] = new[] { "PW" } },
        ["builder"] = new Hashtable { ["arch"] = "amd64" },
        ["env"] = new Hashtable { ["A"] = "script", ["B"] = true, ["C"] = 1.5 },
    };

    private sealed class FixedScript(object? value) : IConfigurationScript
    {
        public Task<object?> EvaluateAsync(string path, string? destination, CancellationToken cancellationToken) => Task.FromResult(value);
    }
}
