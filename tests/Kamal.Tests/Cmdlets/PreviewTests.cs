using Kamal.Cmdlets;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Cmdlets;

/// <summary>With -WhatIf, no cmdlet connects or shows a secret.</summary>
public sealed class PreviewTests
{
    public static TheoryData<string> Changing => All.Where(type => All.AttributeOf(type).SupportsShouldProcess);

    // Remove-KamalOrphan is about hosts and roles that the configuration does not have.
    public static TheoryData<string> OnHosts => All.Where(type =>
        typeof(KamalHostCmdlet).IsAssignableFrom(type) && type != typeof(RemoveKamalOrphanCommand));

    public static TheoryData<string> OfProjects => All.Where(type =>
        typeof(KamalConfigCmdlet).IsAssignableFrom(type) && type != typeof(TestKamalConfigCommand));

    [Theory]
    [MemberData(nameof(Changing))]
    public void WhatIf_does_not_connect_or_show_secrets(string name)
    {
        using var session = new TestSession();
        var line = All.Line(All.Find(name));
        var loads = typeof(KamalTargetCmdlet).IsAssignableFrom(All.Find(name));
        var options = loads && !line.Contains("-Version", StringComparison.Ordinal) ? "-Version v2 -SkipHooks" : "";
        var run = session.Run($"{line} {options} -WhatIf -Verbose");
        Assert.Empty(session.Asked);
        Assert.Equal([], run.Errors.Select(error => error.ToString()));
        // There are no connections to close.
        if (name != "Disconnect-KamalConnection") Assert.NotEmpty(run.WhatIf);
        Assert.All(
            SampleProject.SecretValues,
            secret => Assert.DoesNotContain([.. run.HostLines, .. run.Verbose, .. run.Information], line => line.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatIfPreference_has_the_same_effect()
    {
        using var session = new TestSession();
        var run = session.Run("$WhatIfPreference = $true; Invoke-KamalDeploy -SkipPush -Version v2");
        Assert.Empty(session.Asked);
        Assert.NotEmpty(run.WhatIf);
    }

    [Fact]
    public void Force_does_not_override_WhatIf()
    {
        using var session = new TestSession();
        session.Run("Remove-KamalProxy -Force -WhatIf");
        Assert.Empty(session.Asked);
    }

    [Fact]
    public void Each_command_is_shown_with_its_host()
    {
        using var session = new TestSession();
        var shown = session.Run("Invoke-KamalDeploy -SkipPush -Version v2 -WhatIf -Verbose").Previewed.ToList();
        Assert.Contains(
            shown,
            line => line.Contains("[192.0.2.1]", StringComparison.Ordinal)
                && line.Contains("docker pull registry.example.com/acme/shop:v2", StringComparison.Ordinal));
        Assert.Contains(
            shown,
            line => line.Contains("[192.0.2.3]", StringComparison.Ordinal)
                && line.Contains("--name shop-workers-v2", StringComparison.Ordinal));
        Assert.Contains(shown, line => line.Contains("--password-stdin", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(OnHosts))]
    public void A_host_that_does_not_exist_is_an_error(string name)
    {
        using var session = new TestSession();
        var run = session.Run($"{Unconfirmed(name)} -HostName nosuch; 'went on'");
        Assert.Equal("HostNotFound", run.ErrorId);
        Assert.Equal(["went on"], run.Results<string>());
        Assert.Equal("nosuch", run.Errors[^1].TargetObject);
        Assert.Empty(session.Asked);
    }

    [Theory]
    [MemberData(nameof(OnHosts))]
    public void A_role_that_does_not_exist_is_an_error(string name)
    {
        using var session = new TestSession();
        var run = session.Run($"{Unconfirmed(name)} -Role nosuch");
        Assert.Equal("RoleNotFound", run.ErrorId);
        Assert.Equal("nosuch", run.Errors[^1].TargetObject);
        Assert.Empty(session.Asked);
    }

    [Theory]
    [MemberData(nameof(OfProjects))]
    public void A_configuration_that_does_not_exist_is_an_error(string name)
    {
        using var session = new TestSession();
        Assert.Equal("ConfigurationNotFound", session.Run($"{Unconfirmed(name)} -ConfigFile none.yml").ErrorId);
    }

    [Fact]
    public void An_accessory_that_does_not_exist_is_an_error()
    {
        using var session = new TestSession();
        foreach (var type in All.Types.Where(type => typeof(KamalAccessoryCmdlet).IsAssignableFrom(type)))
        {
            var run = session.Run($"{All.NameOf(type)} -Name nosuch -Version v2 -Confirm:$false");
            Assert.Equal("AccessoryNotFound", run.ErrorId);
        }

        Assert.Empty(session.Asked);
    }

    private static string Unconfirmed(string name) =>
        All.Line(All.Find(name)) + (All.AttributeOf(All.Find(name)).SupportsShouldProcess ? " -Confirm:$false" : "");
}
