using System.Text.Json;

namespace Kamal.Module.Tests;

public sealed class ConfigurationTests : IDisposable
{
    private readonly string _project = Directory.CreateTempSubdirectory("kamal-module-").FullName;

    public void Dispose() => Directory.Delete(_project, recursive: true);

    [Fact]
    public void TheSchemaIsShipped()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(PublishedModule.Folder, "deploy.schema.json")));
        Assert.True(schema.RootElement.GetProperty("properties").TryGetProperty("service", out _));
    }

    [Fact]
    public void AScriptConfiguresAsYamlDoes()
    {
        Write("config/deploy.ps1", """
            param($Destination)
            @{
                service  = 'shop'
                image    = 'me/shop'
                servers  = 1..3 | ForEach-Object { "10.0.0.$_" }
                registry = @{ username = 'me'; password = @('TOKEN') }
                builder  = @{ arch = 'amd64' }
                env      = @{ clear = @{ B = $true; A = "for $Destination" } }
            }
            """);
        Write("config/deploy.staging.yml", "labels: { stage: staging }");
        using var runspace = PublishedModule.OpenRunspace();
        PublishedModule.Import(runspace);
        var configuration = PublishedModule.Run(runspace, $"$null = $ExecutionContext.SessionState.Path.SetLocation('{_project}'); " +
            "Get-KamalConfig -Destination staging -Version v1").Single();
        Assert.Equal("10.0.0.1 10.0.0.2 10.0.0.3", string.Join(' ', (IEnumerable<string>)configuration.Properties["AllHosts"].Value));
        Assert.Equal(
            "A=for staging B=true",
            string.Join(
                ' ',
                PublishedModule.Run(
                    runspace,
                    "(Get-KamalConfig -Destination staging -Version v1).Roles[0].Env.Clear | ForEach-Object { " +
                    "\"$($_.Name)=$($_.Value)\" }")));
        Assert.Contains(
            ":service_with_version: shop-v1",
            PublishedModule.Run(runspace, "Get-KamalConfig -Destination staging -Version v1 -AsYaml").Single().ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ProblemsAreObjectsWithTheirPlaces()
    {
        Write(
            "config/deploy.yml",
            "service: shop\nimgae: me/shop\nservers: [ a ]\nregistry: { username: u, password: [ P ] }\nbuilder: { arch: amd46 }\n");
        using var runspace = PublishedModule.OpenRunspace();
        PublishedModule.Import(runspace);
        var problems = PublishedModule.Run(
            runspace,
            $"$null = $ExecutionContext.SessionState.Path.SetLocation('{_project}'); Test-KamalConfig | ForEach-Object {{ " +
            "\"$($_.Line) $($_.Path) $($_.Suggestion)\" }");
        Assert.Equal(["2 imgae image", "5 builder/arch amd64"], problems.Select(problem => problem.ToString()));
        Assert.Equal("False", PublishedModule.Run(runspace, "Test-KamalConfig -Quiet").Single().ToString());
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(_project, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
