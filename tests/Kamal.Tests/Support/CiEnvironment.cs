using System.Runtime.CompilerServices;

namespace Kamal.Tests.Support;

/// <summary>
/// The variables by which CI services are detected, and where runs keep what they remember. The tests are as anywhere else in a job of one.
/// </summary>
internal static class CiEnvironment
{
    /// <summary>An environment outside of any service.</summary>
    public static IReadOnlyDictionary<string, string?> None { get; } = new[]
    {
        "TF_BUILD", "GITHUB_ACTIONS", "GITEA_ACTIONS", "FORGEJO_ACTIONS", "GITLAB_CI", "TEAMCITY_VERSION", "BUILDKITE",
    }.ToDictionary(name => name, _ => (string?)null);

    [ModuleInitializer]
    internal static void Leave()
    {
        // A pwsh of a test that loads this assembly is where that test says.
        if (AppContext.GetData("Kamal.Repository") is null) return;
        foreach (var name in None.Keys) Environment.SetEnvironmentVariable(name, null);
        // What runs remember of hosts is not to be found in the account's own directory.
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", Path.Join(AppContext.BaseDirectory, "state"));
    }
}
