using Kamal.Sessions;
using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

public sealed class SessionTests
{
    [Fact]
    public void Each_runspace_has_its_own_session()
    {
        using var first = new TestSession();
        using var second = new TestSession();
        Assert.NotSame(KamalSession.For(first.Runspace), KamalSession.For(second.Runspace));
        Assert.NotSame(KamalSession.For(first.Runspace).Pool, KamalSession.For(second.Runspace).Pool);
        first.Run("Get-KamalLock");
        Assert.NotEmpty(first.Asked);
        Assert.Empty(second.Asked);
    }

    [Fact]
    public void Removing_the_module_ends_the_session()
    {
        using var session = new TestSession();
        var before = KamalSession.For(session.Runspace);
        session.Run("Remove-Module Kamal");
        Assert.NotSame(before, KamalSession.For(session.Runspace));
    }

    [Fact]
    public void An_error_names_the_unreachable_host()
    {
        using var session = new TestSession();
        var run = session.Run("Get-KamalContainer -HostName 192.0.2.2");
        Assert.Contains(
            run.Errors,
            error => error.FullyQualifiedErrorId.StartsWith("ConnectionFailed,", StringComparison.Ordinal)
                && "192.0.2.2".Equals(error.TargetObject));
    }

    [Fact]
    public void The_current_location_is_the_project()
    {
        using var session = new TestSession();
        Directory.CreateDirectory(Path.Combine(session.Folder, "elsewhere"));
        Assert.Empty(session.Run("Test-KamalConfig").Errors);
        Assert.Equal(
            "ConfigurationNotFound",
            session.Run("$ExecutionContext.SessionState.Path.SetLocation('elsewhere') > $null; Test-KamalConfig").ErrorId);
        Assert.Empty(session.Run("Test-KamalConfig -ConfigFile ../config/deploy.yml").Errors);
    }

    [Fact]
    public void A_configuration_can_be_a_script()
    {
        using var session = new TestSession();
        File.Delete(Path.Combine(session.Folder, "config/deploy.yml"));
        session.Write(
            "config/deploy.ps1",
            "@{ service = 'shop'; image = 'acme/shop'; servers = @('192.0.2.9'); registry = @{ username = 'a'; password = " +
            "@('REGISTRY_PASSWORD') }; builder = @{ arch = 'amd64' } }");
        var run = session.Run("(Get-KamalConfig -Version v1).AllHosts");
        Assert.Empty(run.Errors);
        Assert.Equal(["192.0.2.9"], run.Results<string>());
        session.Write("config/deploy.ps1", """
            $global:Left = 1; function global:Get-Left { 'left' }; $env:KAMAL_LEFT = 'left'; $ErrorActionPreference = 'Stop'
            $ExecutionContext.SessionState.Path.SetLocation('/') > $null
            @{
                service = 'shop'; image = 'acme/shop'; servers = @('192.0.2.9')
                registry = @{ username = 'a'; password = @('REGISTRY_PASSWORD') }; builder = @{ arch = 'amd64' }
            }
            """);
        var left = session.Run(
            "(Get-KamalConfig -Version v2).Service; [bool]$Left; [bool](Get-Command Get-Left -ErrorAction Ignore); " +
            "[bool]$env:KAMAL_LEFT; $ExecutionContext.SessionState.Path.CurrentLocation.Path -eq '/'; $ErrorActionPreference -eq 'Stop'");
        Assert.Equal(["shop", "False", "False", "False", "False", "False"], left.Output.Select(value => $"{value}"));
        Assert.Contains(
            "this file is a script, which -NoTemplateCommand",
            Assert.Single(session.Run("(Test-KamalConfig -NoTemplateCommand).Message").Results<string>()),
            StringComparison.Ordinal);
        session.Write("config/deploy.ps1", "throw 'no luck'");
        var failed = session.Run("Get-KamalConfig -Version v1");
        Assert.Equal("ConfigurationInvalid", failed.ErrorId);
        Assert.Contains("no luck", failed.Errors[^1].ToString(), StringComparison.Ordinal);
    }
}
