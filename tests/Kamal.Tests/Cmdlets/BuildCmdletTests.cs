using Kamal.Engine.Results;
using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>What cmdlets of images, registries and projects do with their parameters.</summary>
public sealed class BuildCmdletTests
{
    [Fact]
    public void The_builds_options_reach_the_build()
    {
        using var session = new TestSession();
        var run = session.Run("Publish-KamalImage -Version v2 -NoCache -Output oci -WhatIf");
        var build = Assert.Single(run.WhatIf, line => line.Contains("buildx build", StringComparison.Ordinal));
        Assert.Contains("--output=type=oci", build, StringComparison.Ordinal);
        Assert.Contains("--no-cache", build, StringComparison.Ordinal);
        var result = Assert.Single(run.Results<KamalImageBuild>());
        Assert.Equal(("registry.example.com/acme/shop:v2", "v2", HostOutcome.Previewed), (result.Image, result.Version, result.Outcome));
        Assert.DoesNotContain(run.WhatIf, line => line.Contains("docker pull", StringComparison.Ordinal));
    }

    [Fact]
    public void Delivering_shows_the_pull_of_every_host_of_the_app()
    {
        using var session = new TestSession();
        var run = session.Run("Publish-KamalImage -Version v2 -Deliver -WhatIf");
        Assert.Equal(3, run.WhatIf.Count(line => line.Contains("docker pull registry.example.com/acme/shop:v2", StringComparison.Ordinal)));
        Assert.Equal(["192.0.2.1", "192.0.2.2", "192.0.2.3"], run.Results<KamalHostResult>().Select(result => result.HostName));
    }

    [Fact]
    public void A_dev_image_is_dirty_and_goes_to_no_host()
    {
        using var session = new TestSession();
        var run = session.Run("Publish-KamalImage -Version v2 -Dev -WhatIf");
        Assert.Contains("-t registry.example.com/acme/shop:v2-dirty", Assert.Single(run.WhatIf), StringComparison.Ordinal);
        Assert.Equal("AmbiguousParameterSet", session.Run("Publish-KamalImage -Dev -Deliver -WhatIf").ErrorId);
    }

    [Fact]
    public void Registry_sessions_begin_where_they_are_wanted()
    {
        using var session = new TestSession();
        Assert.All(session.Run("Connect-KamalRegistry -SkipLocal -WhatIf").WhatIf, line => Assert.DoesNotContain("this machine", line, StringComparison.Ordinal));
        Assert.All(session.Run("Connect-KamalRegistry -SkipRemote -WhatIf").WhatIf, line => Assert.Contains("this machine", line, StringComparison.Ordinal));
        var sessions = session.Run("Disconnect-KamalRegistry -HostName 192.0.2.2 -WhatIf").Results<KamalRegistrySession>();
        Assert.Equal([null, "192.0.2.2"], sessions.Select(one => one.HostName));
    }

    [Fact]
    public void Nobody_logs_in_to_a_registry_on_this_machine()
    {
        using var session = new TestSession();
        session.Write("config/deploy.yml", "service: shop\nservers: [ 192.0.2.1 ]\nregistry: { server: \"localhost:5555\" }\nbuilder: { arch: amd64 }\n");
        Assert.Equal("ArgumentInvalid", session.Run("kamal registry login").ErrorId);
        Assert.Contains("docker start kamal-docker-registry", Assert.Single(session.Run("Connect-KamalRegistry -WhatIf").WhatIf), StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_begins_with_files_that_are_never_written_over()
    {
        using var session = new TestSession();
        File.Delete(Path.Combine(session.Folder, "config/deploy.yml"));
        File.Delete(Path.Combine(session.Folder, ".kamal/secrets"));
        var first = session.Run("Initialize-KamalProject -PowerShellHook");
        var files = first.Results<KamalProjectFile>().ToList();
        Assert.Contains(files, file => file.Path == ".kamal/hooks/pre-build.ps1.sample");
        Assert.All(files, file => Assert.Equal(HostOutcome.Succeeded, file.Outcome));
        Assert.All(session.Run("Initialize-KamalProject").Results<KamalProjectFile>(), file => Assert.Equal(HostOutcome.Skipped, file.Outcome));
        Assert.Empty(session.Run("Test-KamalConfig").Results<object>());
    }
}
