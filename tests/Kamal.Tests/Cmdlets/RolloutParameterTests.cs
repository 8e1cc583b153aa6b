using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>The parameters that say what to do when hosts fail, and which hosts to leave out.</summary>
public sealed class RolloutParameterTests : IDisposable
{
    private readonly TestSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Invoke-KamalDeploy -SkipPush -MaxFailure 120%", "ArgumentInvalid")]
    [InlineData("Invoke-KamalRollback v1 -MaxFailure some", "ArgumentInvalid")]
    [InlineData("Invoke-KamalAppBoot -MaxFailure -1", "ArgumentInvalid")]
    [InlineData("Invoke-KamalDeploy -SkipPush -ExcludeHostName ''", "ArgumentInvalid")]
    [InlineData("Invoke-KamalDeploy -SkipPush -ExcludeHostName nosuch", "HostNotFound")]
    [InlineData("Stop-KamalApp -ExcludeHostName *", "HostNotFound")]
    public void What_is_not_valid_is_refused_before_any_host_is_asked(string line, string id)
    {
        var run = _session.Run(line);

        Assert.Equal(id, run.ErrorId);
        Assert.Empty(_session.Asked);
    }

    [Theory]
    [InlineData("Invoke-KamalDeploy -SkipPush -Version v1 -OnHostFailure Rollback -WhatIf")]
    [InlineData("kamal deploy -P --version v1 --on-host-failure rollback --max-failure 20% --skip-unreachable -WhatIf")]
    public void A_preview_shows_that_the_old_containers_are_stopped_last(string line)
    {
        var run = _session.Run($"{line} -Verbose");

        Assert.Empty(run.Errors);
        Assert.Contains(run.Previewed, text => text.Contains("Stop the old container", StringComparison.Ordinal));
        Assert.Empty(_session.Asked);
    }

    [Theory]
    [InlineData("Invoke-KamalDeploy -SkipPush -Version v1 -Transfer Direct -WhatIf")]
    [InlineData("Invoke-KamalRedeploy -SkipPush -Version v1 -Transfer Direct -WhatIf")]
    [InlineData("Invoke-KamalSetup -SkipPush -Version v1 -Transfer Direct -WhatIf")]
    [InlineData("Install-KamalImage -Version v1 -Transfer Direct -WhatIf")]
    [InlineData("kamal deploy -P --version v1 --transfer direct -WhatIf")]
    [InlineData("kamal build pull --version v1 --transfer direct -WhatIf")]
    public void A_preview_shows_that_the_image_is_transferred_without_a_registry(string line)
    {
        var run = _session.Run($"{line} -Verbose");

        Assert.Empty(run.Errors);
        Assert.Contains(run.Previewed, text => text.Contains("docker pull localhost:PORT/", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Previewed, text => text.Contains("docker login -u", StringComparison.Ordinal));
        Assert.Empty(_session.Asked);
    }

    [Theory]
    [InlineData("30s")] // PowerShell reads this as a number of type short
    [InlineData("'30s'")]
    [InlineData("2m")]
    [InlineData("30")]
    [InlineData("00:00:30")]
    [InlineData("([timespan]'00:00:30')")]
    public void A_time_to_watch_needs_no_quotes(string time)
    {
        var run = _session.Run($"Invoke-KamalDeploy -SkipPush -Version v1 -Watch {time} -WhatIf -Verbose");

        Assert.Empty(run.Errors);
        Assert.Contains(run.Previewed, text => text.Contains("See how the new container is", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("-5s")]
    [InlineData("'-00:00:05'")]
    [InlineData("([timespan]'-00:00:05')")]
    [InlineData("5000000")]
    [InlineData("soon")]
    public void A_time_to_watch_that_makes_no_sense_is_refused(string time)
    {
        var run = _session.Run($"Invoke-KamalDeploy -SkipPush -Version v1 -Watch {time} -WhatIf");

        Assert.Equal("ParameterArgumentTransformationError", run.ErrorId);
        Assert.Empty(_session.Asked);
    }
}
