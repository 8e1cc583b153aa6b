using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

public sealed class CiRunTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData(
        "https://github.com/acme/shop/actions/runs/12",
        "GITHUB_SERVER_URL=https://github.com GITHUB_REPOSITORY=acme/shop GITHUB_RUN_ID=12 GITHUB_ACTIONS=true")]
    [InlineData(null, "GITHUB_SERVER_URL=https://github.com GITHUB_RUN_ID=")]
    [InlineData(
        "https://dev.azure.com/acme/My%20shop/_build/results?buildId=7",
        "SYSTEM_COLLECTIONURI=https://dev.azure.com/acme/ SYSTEM_TEAMPROJECT=My~shop BUILD_BUILDID=7")]
    [InlineData("https://gitlab.com/acme/shop/-/jobs/3", "CI_JOB_URL=https://gitlab.com/acme/shop/-/jobs/3 GITLAB_CI=true")]
    [InlineData(
        "http://bitbucket.org/acme/shop/pipelines/results/5",
        "BITBUCKET_GIT_HTTP_ORIGIN=http://bitbucket.org/acme/shop BITBUCKET_BUILD_NUMBER=5")]
    [InlineData("https://jenkins/job/shop/9/", "BUILD_URL=https://jenkins/job/shop/9/ JENKINS_URL=https://jenkins/")]
    public void The_page_of_the_run(string? url, string variables)
    {
        var environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Replace('~', ' '));
        Assert.Equal(url, CiRun.Url(environment.GetValueOrDefault));
    }
}
