namespace Kamal.Engine.Local;

/// <summary>The run of a CI service that this process is a part of.</summary>
internal static class CiRun
{
    /// <summary>Variables with the whole address: of GitLab, Buildkite, CircleCI, Travis, Drone, Woodpecker, Jenkins, TeamCity.</summary>
    private static readonly string[] Addresses =
    [
        "CI_JOB_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL", "TRAVIS_JOB_WEB_URL", "DRONE_BUILD_LINK", "CI_PIPELINE_URL", "BUILD_URL",
    ];

    /// <summary>Where people see the run; null outside of CI, and where the service does not say.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static string? Url(Func<string, string?> variable)
    {
        string? Of(string name) => variable(name) is { Length: > 0 } value ? value : null;
        string? Join(string server, string project, string path, string run) =>
            Of(server) is { } at && Of(project) is { } what && Of(run) is { } number
                ? $"{at.TrimEnd('/')}/{Uri.EscapeDataString(what).Replace("%2F", "/", StringComparison.Ordinal)}{path}{number}"
                : null;
        return Join("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "/actions/runs/", "GITHUB_RUN_ID")
            ?? Join("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "/_build/results?buildId=", "BUILD_BUILDID")
            ?? (Of("BITBUCKET_GIT_HTTP_ORIGIN") is { } origin && Of("BITBUCKET_BUILD_NUMBER") is { } build
                ? $"{origin}/pipelines/results/{build}"
                : null)
            ?? Addresses.Select(Of).FirstOrDefault(url => url is not null);
    }
}
