using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>The files that the proxy reads in a folder of the account which deploys: certificates and error pages.</summary>
internal static class ProxyFiles
{
    /// <summary>What the preflight calls a certificate.</summary>
    public const string Certificate = "the certificate";

    private const string MountVariable = "proxy_files";

    /// <summary>Whether roles have files for the proxy.</summary>
    public static bool AreNeeded(KamalConfiguration configuration, IEnumerable<RoleConfiguration> roles) =>
        Needed(configuration, roles) is not null;

    /// <summary>The same for the roles of each host.</summary>
    public static Steps CheckSteps(KamalContext context) =>
        Steps.Of(host => Preflight(context.Configuration, context.Selection.RolesOn(host)));

    /// <summary>Makes sure that the proxy reads the folder which this account writes, where roles have files for it.</summary>
    public static IEnumerable<Step> Preflight(KamalConfiguration configuration, IEnumerable<RoleConfiguration> roles) =>
        Needed(configuration, roles) is { } what ? Preflight(configuration, what) : [];

    /// <summary>Makes sure that the proxy reads the folder which this account writes.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="what">What it is to read there.</param>
    public static IEnumerable<Step> Preflight(KamalConfiguration configuration, string what)
    {
        yield return new("Look where the proxy reads its files", ProxyCommands.AppsMount())
        {
            Effect = StepEffect.ReadOnly, CaptureAs = MountVariable, IgnoreFailure = true,
        };
        var own = HostPaths.Mountable(HostPaths.ProxyApps(configuration));
        var source = ShellWord.Variable(MountVariable);
        yield return new("Check that the proxy reads this account's files",
            ShellCommand.Of("[", "-z", source, "]")
                .Or(ShellCommand.Of("[", source, "=", own, "]"))
                .Or(ShellCommand.Of("[", source, "-ef", own, "]"))
                .Or(ShellCommand.Of("printf", "it reads %s, this account writes %s\\n", source, own).Add(ShellWord.Raw(">&2"))
                    .Then(ShellCommand.Of("exit", "1")).Group()))
        {
            Effect = StepEffect.ReadOnly,
            Error = KamalErrorId.ProxyFilesUnreachable,
            FailureMessage = $"the proxy was booted by another account and does not read this one's folder, so it could not load {what}",
            Recommendation = "Nothing was changed. Deploy with the account that booted the proxy (ssh/user), or give both accounts one "
                + "absolute run_directory and reboot the proxy.",
        };
    }

    /// <summary>
    /// Lets the proxy's account pass folders on the way to its files; those of another account are left as they are.
    /// </summary>
    public static ShellCommand LetThrough(params IEnumerable<string> folders) =>
        ShellCommand.Of("chmod", "go+x").AddRange(folders.Select(ShellWord.Literal)).DiscardErrors().Or(ShellCommand.Of("true")).Group();

    private static string? Needed(KamalConfiguration configuration, IEnumerable<RoleConfiguration> roles)
    {
        var proxied = roles.Where(role => role.IsProxied).ToList();
        if (proxied.Any(role => role.Proxy is { HasCustomCertificate: true })) return Certificate;
        return configuration.ErrorPagesPath is not null && proxied.Count > 0 ? "the error pages" : null;
    }
}
