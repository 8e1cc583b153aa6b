using Kamal.Engine.Results;
using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>Parameters of the cmdlets for images, registries and projects.</summary>
public sealed class BuildCmdletTests
{
    [Fact]
    public void Build_parameters_are_passed_to_the_build()
    {
        using var session = new TestSession();
        var run = session.Run("Publish-KamalImage -Version v2 -NoCache -Output oci -WhatIf -Verbose");
        var build = Assert.Single(run.Previewed, line => line.Contains("buildx build", StringComparison.Ordinal));
        Assert.Contains("--output=type=oci", build, StringComparison.Ordinal);
        Assert.Contains("--no-cache", build, StringComparison.Ordinal);
        var result = Assert.Single(run.Results<KamalImageBuild>());
        Assert.Equal(("registry.example.com/acme/shop:v2", "v2", HostOutcome.Previewed), (result.Image, result.Version, result.Outcome));
        Assert.DoesNotContain(run.Previewed, line => line.Contains("docker pull", StringComparison.Ordinal));
    }

    [Fact]
    public void Deliver_pulls_the_image_on_every_host_of_the_app()
    {
        using var session = new TestSession();
        var run = session.Run("Publish-KamalImage -Version v2 -Deliver -WhatIf -Verbose");
        // The digest is known only after the build.
        Assert.Equal(3, run.Previewed.Count(
            line => line.Contains("docker pull registry.example.com/acme/shop@sha256:DIGEST", StringComparison.Ordinal)));
        Assert.Equal(["192.0.2.1", "192.0.2.2", "192.0.2.3"], run.Results<KamalHostResult>().Select(result => result.HostName));
    }

    [Fact]
    public void A_dev_image_is_tagged_as_dirty_and_stays_on_this_machine()
    {
        using var session = new TestSession();
        var run = session.Run("Publish-KamalImage -Version v2 -Dev -WhatIf -Verbose");
        Assert.Contains("-t registry.example.com/acme/shop:v2-dirty", Assert.Single(run.Previewed), StringComparison.Ordinal);
        Assert.Equal("AmbiguousParameterSet", session.Run("Publish-KamalImage -Dev -Deliver -WhatIf").ErrorId);
    }

    [Fact]
    public void SkipLocal_and_SkipRemote_limit_where_to_log_in()
    {
        using var session = new TestSession();
        Assert.All(
            session.Run("Connect-KamalRegistry -SkipLocal -WhatIf -Verbose").Previewed,
            line => Assert.DoesNotContain("this machine", line, StringComparison.Ordinal));
        Assert.All(
            session.Run("Connect-KamalRegistry -SkipRemote -WhatIf -Verbose").Previewed,
            line => Assert.Contains("this machine", line, StringComparison.Ordinal));
        var sessions = session.Run("Disconnect-KamalRegistry -HostName 192.0.2.2 -WhatIf").Results<KamalRegistrySession>();
        Assert.Equal([null, "192.0.2.2"], sessions.Select(one => one.HostName));
    }

    [Fact]
    public void A_local_registry_needs_no_login()
    {
        using var session = new TestSession();
        session.Write(
            "config/deploy.yml",
            "service: shop\nservers: [ 192.0.2.1 ]\nregistry: { server: \"localhost:5555\" }\nbuilder: { arch: amd64 }\n");
        Assert.Equal("ArgumentInvalid", session.Run("kamal registry login").ErrorId);
        Assert.Contains(
            "docker start kamal-docker-registry", Assert.Single(session.Run("Connect-KamalRegistry -WhatIf -Verbose").Previewed),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Initialize_does_not_overwrite_files()
    {
        using var session = new TestSession();
        File.Delete(Path.Combine(session.Folder, "config/deploy.yml"));
        File.Delete(Path.Combine(session.Folder, ".kamal/secrets"));
        var first = session.Run("Initialize-KamalProject -PowerShellHook");
        var files = first.Results<KamalProjectFile>().ToList();
        Assert.Contains(files, file => file.Path == ".kamal/hooks/pre-build.ps1.sample");
        Assert.All(files, file => Assert.Equal(HostOutcome.Succeeded, file.Outcome));
        Assert.All(
            session.Run("Initialize-KamalProject").Results<KamalProjectFile>(),
            file => Assert.Equal(HostOutcome.Skipped, file.Outcome));
        Assert.Empty(session.Run("Test-KamalConfig").Results<object>());
    }
}
