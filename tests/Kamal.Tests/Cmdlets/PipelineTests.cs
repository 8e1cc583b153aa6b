using System.Management.Automation;
using System.Text.RegularExpressions;
using Kamal.Cmdlets;
using Kamal.Engine.Results;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Cmdlets;

/// <summary>The results of Get- cmdlets, read from hosts, in the pipelines of the other cmdlets.</summary>
public sealed partial class PipelineTests : IDisposable
{
    private const string LockHost = "192.0.2.1";

    /// <summary>Cmdlets whose results are not things on hosts or of a project.</summary>
    private static readonly string[] WithoutObjects =
        ["Get-KamalVersion", "Get-KamalDocumentation", "Get-KamalVaultSecret", "Get-KamalBuilder", "Get-KamalSecret", "Get-KamalPlan",
            "Get-KamalHistory", "Get-KamalOrphan"];

    /// <summary>What a receiver may say about an object that it cannot take.</summary>
    private static readonly string[] Refusals = ["InputObjectNotBound", "InputObjectMissingMandatory"];

    private static readonly string[] Tags = [ListedShop.ProxyTag, ListedShop.AccessoryTag];

    private readonly ListedShop _shop = new();

    public static TheoryData<string> Sources =>
    [
        "Get-KamalContainer", "Get-KamalContainer -Kind Proxy",
        "Get-KamalAccessory", "Get-KamalAccessory cache", "Get-KamalImage", "Get-KamalLock", "Get-KamalProxy", "Get-KamalProxyBootConfig",
        "Get-KamalAppVersion", "Get-KamalDiskUsage",
        "Get-KamalStaleContainer", "Get-KamalLog", "Get-KamalLog -Accessory *", "Get-KamalLog -Proxy",
        "Get-KamalStatus",
        "Get-KamalAudit", "Get-KamalConfig", "Get-KamalImage | Out-Null; Get-KamalConnection",
        "Invoke-KamalServerCommand uptime", "[Kamal.Engine.Results.KamalRegistrySession]::new($null, 'docker.io', 'Log in', 'Succeeded')",
    ];

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void Every_Get_cmdlet_is_a_source()
    {
        var sources = Sources.Select(row => row.Data).ToList();
        var missing = All.Types.Select(All.NameOf).Where(name => name.StartsWith("Get-", StringComparison.Ordinal)).Except(WithoutObjects)
            .Where(name => !sources.Exists(source => Regex.IsMatch(source, $@"{name}\b")));
        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_receiver_works_only_on_what_it_is_given(string source)
    {
        // Without the lock's host, each step there that is not about the lock is one too many.
        var found = _shop.Session.Run($"$objects = @({source} | Where-Object {{ $_.HostName -ne '{LockHost}' }}); $objects");
        if (source.Contains("Lock", StringComparison.Ordinal)) found = _shop.Session.Run($"$objects = @({source}); $objects");
        Assert.Equal([], found.Errors.Select(error => error.ToString()));
        Assert.NotEmpty(found.Output);
        List<string> wrong = [];
        foreach (var type in All.Types.Where(type => typeof(KamalTargetCmdlet).IsAssignableFrom(type)))
        {
            var run = _shop.Session.Run($"$objects | {WithoutPipedParameters(type)} -WhatIf -Verbose");
            // A deployment is everything on its hosts.
            var isWhole = All.AttributeOf(type).NounName == "KamalDeployment";
            wrong.AddRange(Faults(found.Output, run, isWhole).Select(fault => $"{All.NameOf(type)}: {fault}"));
        }

        foreach (var type in All.Types.Where(type => typeof(KamalReadCmdlet).IsAssignableFrom(type)))
        {
            var run = _shop.Session.Run($"$objects | {All.NameOf(type)}");
            wrong.AddRange(Faults(found.Output, run).Select(fault => $"{All.NameOf(type)}: {fault}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("Get-KamalAccessory cache | Restart-KamalAccessory", "192.0.2.1,192.0.2.2", "docker .*start shop-cache")]
    [InlineData("Get-KamalAccessory db | Restart-KamalAccessory", "192.0.2.3", "shop-db")]
    [InlineData("Get-KamalContainer -Kind Proxy | Remove-KamalContainer", "192.0.2.1,192.0.2.2", "container prune .*kamal-proxy")]
    [InlineData("Get-KamalAccessory db | Remove-KamalContainer", "192.0.2.3", "prune .*shop-db")]
    [InlineData("Get-KamalContainer -Running | Stop-KamalApp", "192.0.2.1,192.0.2.2,192.0.2.3", @"name=\^shop-(web|workers)-v2")]
    [InlineData("Get-KamalContainer | ? Version -eq v1 | Remove-KamalContainer", "192.0.2.1,192.0.2.2,192.0.2.3", "-v1")]
    [InlineData("Get-KamalContainer | ? Version -eq v1 | Start-KamalApp", "192.0.2.1,192.0.2.2,192.0.2.3", "docker start shop-.*-v1")]
    [InlineData("Get-KamalLock | Unlock-KamalDeployment", "192.0.2.1", "lock-shop")]
    [InlineData("Get-KamalProxy | Restart-KamalProxy", "192.0.2.1,192.0.2.2", "kamal-proxy")]
    [InlineData("(Get-KamalImage)[0] | Remove-KamalImage", "192.0.2.1", "docker image rm registry.example.com/acme/shop:v1")]
    [InlineData("'192.0.2.1' | Restart-KamalProxy", "192.0.2.1", "kamal-proxy")]
    [InlineData("'192.0.2.1', '192.0.2.[23]' | Stop-KamalApp", "192.0.2.1,192.0.2.2,192.0.2.3", "docker .*(web|workers)")]
    [InlineData("Restart-KamalAccessory 'cach?', 'd[ab]'", "192.0.2.1,192.0.2.2,192.0.2.3", "docker .*start shop-(cache|db)")]
    [InlineData("Get-KamalStaleContainer | Where-Object Role -eq workers | Stop-KamalStaleContainer", "192.0.2.3", "shop.*workers")]
    public void A_pipeline_plans_what_it_says(string pipeline, string hosts, string step)
    {
        var run = _shop.Session.Run($"{pipeline} -WhatIf -Verbose");
        Assert.Equal([], run.Errors.Select(error => error.ToString()));
        var lines = run.Previewed.Where(line => Regex.IsMatch(line, step)).ToList();
        Assert.Equal(hosts.Split(','), lines.Select(HostOf).Distinct().Order());
        Assert.DoesNotContain(run.Previewed, line => line.Contains("image prune", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Previewed, line => line.Contains(ListedShop.ProxyTag, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[IO.DirectoryInfo]::new('/tmp')")]
    [InlineData("[pscustomobject]@{ Text = '192.0.2.1' }")]
    [InlineData("@{ a = 1 }")]
    public void The_text_of_an_object_is_not_the_name_of_a_host(string source)
    {
        var run = _shop.Session.Run($"{source} | Stop-KamalApp -WhatIf -Verbose");
        Assert.Contains(Refusals[0], Assert.Single(run.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(run.Previewed);
    }

    [Fact]
    public void Text_for_a_command_names_no_host()
    {
        var run = _shop.Session.Run("'192.0.2.1' | Invoke-KamalAppCommand cat -Interactive -Primary -WhatIf -Verbose");
        Assert.Equal([], run.Errors.Select(error => error.ToString()));
        Assert.Contains(run.Previewed, line => line.Contains("cat", StringComparison.Ordinal));
    }

    [Fact]
    public void Stopping_an_old_version_does_not_stop_the_current_one()
    {
        var run = _shop.Session.Run("Get-KamalStaleContainer | Where-Object Role -eq workers | Stop-KamalApp -WhatIf -Verbose");
        Assert.Contains(run.Previewed, line => line.Contains("shop-workers-v0", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Previewed, line => line.Contains("--latest", StringComparison.Ordinal));
    }

    [Fact]
    public void The_log_of_a_container_is_that_containers()
    {
        var lines = _shop.Session.Run("Get-KamalContainer -Running | Get-KamalLog").Results<KamalLogLine>().ToList();
        Assert.Equal(["c2", "cache", "db", "kamal-proxy"], lines.Select(line => line.Source).Distinct().Order());
        Assert.All(lines, line => Assert.Equal(line.Line, $"{line}"));
    }

    [Theory]
    [InlineData("Stop-KamalApp -HostName $none")]
    [InlineData("Stop-KamalApp -HostName @()")]
    [InlineData("Stop-KamalApp -HostName 192.0.2.1, ''")]
    [InlineData("Get-KamalContainer -Role ''")]
    [InlineData("Remove-KamalImage -Version ''")]
    [InlineData("Remove-KamalAccessory -Name $none")]
    [InlineData("Remove-KamalContainer -Version ''")]
    public void An_empty_value_on_the_command_line_does_not_select_everything(string line)
    {
        var run = _shop.Session.Run($"{line}{(line.StartsWith("Get", StringComparison.Ordinal) ? "" : " -Confirm:$false")}");
        Assert.Equal("ArgumentInvalid", run.ErrorId);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("Get-KamalContainer -HostName nosuch")]
    [InlineData("Get-KamalContainer -Role nosuch")]
    [InlineData("Get-KamalAccessory nosuch")]
    [InlineData("Get-KamalLog -Accessory nosuch")]
    [InlineData("Restart-KamalAccessory nosuch")]
    [InlineData("Stop-KamalApp -HostName nosuch")]
    public void ErrorAction_silences_a_missing_name(string line)
    {
        Assert.Equal([], _shop.Session.Run($"{line} -ErrorAction SilentlyContinue").Errors.Select(error => error.ToString()));
        Assert.Equal([], _shop.Session.Run($"{line} -ErrorAction Ignore").Errors.Select(error => error.ToString()));
        // A script that asks for errors gets them, as before.
        Assert.Equal(["caught"], _shop.Session.Run($"try {{ {line} }} catch {{ 'caught' }}").Results<string>());
    }

    private static IEnumerable<string> Faults(IReadOnlyList<PSObject> objects, TestRun run, bool isWhole = false)
    {
        string[] Values(string property) =>
            [.. objects.Select(item => item.Properties[property]?.Value as string).OfType<string>().Where(value => value.Length > 0)];
        var (hosts, roles, accessories) = (Values("HostName"), Values("Role"), Values("Accessory"));
        foreach (var error in run.Errors)
        {
            if (!Refusals.Contains(error.FullyQualifiedErrorId.Split(',')[0])) yield return $"{error}";
        }

        // A configuration is of all hosts.
        if (objects[0].BaseObject is Engine.Configuration.KamalConfiguration) yield break;
        foreach (var result in run.Output)
        {
            if (result.Properties["HostName"]?.Value is not string host || host == LockHost || hosts.Contains(host)) continue;
            yield return $"a result of {host}";
        }

        foreach (var line in run.Previewed)
        {
            var host = HostOf(line);
            if (host != "this machine" && !hosts.Contains(host) && !(host == LockHost && OfLock().IsMatch(line)))
            {
                yield return line;
            }

            if (Tags.Any(tag => line.Contains(tag, StringComparison.Ordinal))) yield return line;
            if (roles.Length > 0 && Role().Match(line) is { Success: true } role && !roles.Contains(role.Groups[1].Value))
            {
                yield return line;
            }

            if (!isWhole && accessories.Length > 0 && roles.Length == 0 && Role().IsMatch(line)
                && objects.All(item => item.Properties["Kind"]?.Value is KamalContainerKind.Accessory))
            {
                yield return line;
            }
        }
    }

    /// <summary>The cmdlet with the mandatory parameters that objects do not supply.</summary>
    private static string WithoutPipedParameters(Type type) =>
        type == typeof(LockKamalDeploymentCommand) ? All.Line(type)
        : typeof(KamalExecCmdlet).IsAssignableFrom(type) ? $"{All.NameOf(type)} -Command uptime"
        : All.NameOf(type);

    private static string HostOf(string line) => Where().Match(line).Groups[1].Value;

    [GeneratedRegex(@"\[([^\]]+)\]")]
    private static partial Regex Where();

    [GeneratedRegex("lock|Make Kamal's director")]
    private static partial Regex OfLock();

    [GeneratedRegex("shop-(web|workers)-")]
    private static partial Regex Role();
}
