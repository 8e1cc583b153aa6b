using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Kamal's paths on hosts; relative ones start in the home directory of the SSH user, as in Kamal 2.12.</summary>
internal static class HostPaths
{
    /// <summary>The proxy's directory for apps, inside its container.</summary>
    public const string AppsInProxy = "/home/kamal-proxy/.apps-config";

    public static string AuditLog(KamalConfiguration configuration) =>
        $"{configuration.RunDirectory}/{configuration.ServiceAndDestination}-audit.log";

    public static string History(KamalConfiguration configuration) =>
        $"{configuration.RunDirectory}/{configuration.ServiceAndDestination}-history";

    public static string Lock(KamalConfiguration configuration) =>
        $"{configuration.RunDirectory}/lock-{configuration.ServiceAndDestination}";

    public static string LockDetails(KamalConfiguration configuration) => Lock(configuration) + "/details";

    public static string LockOwner(KamalConfiguration configuration, string nonce) =>
        $"{Lock(configuration)}/{LockCommands.OwnerPrefix}{nonce}";

    public static string Apps(KamalConfiguration configuration) => $"{configuration.RunDirectory}/apps";

    public static string App(KamalConfiguration configuration) => $"{Apps(configuration)}/{configuration.ServiceAndDestination}";

    public static string RoleEnvDirectory(KamalConfiguration configuration) => $"{App(configuration)}/env/roles";

    public static string RoleEnv(KamalConfiguration configuration, RoleConfiguration role) =>
        $"{RoleEnvDirectory(configuration)}/{role.Name}.env";

    public static string AccessoryEnvDirectory(KamalConfiguration configuration) => $"{App(configuration)}/env/accessories";

    public static string AccessoryEnv(KamalConfiguration configuration, AccessoryConfiguration accessory) =>
        $"{AccessoryEnvDirectory(configuration)}/{accessory.Name}.env";

    public static string ExtractedAssets(KamalConfiguration configuration) => $"{App(configuration)}/assets/extracted";

    public static string AssetVolumes(KamalConfiguration configuration) => $"{App(configuration)}/assets/volumes";

    public static string Proxy(KamalConfiguration configuration) => $"{configuration.RunDirectory}/proxy";

    public static string ProxyOptions(KamalConfiguration configuration) => Proxy(configuration) + "/options";

    public static string ProxyImage(KamalConfiguration configuration) => Proxy(configuration) + "/image";

    public static string ProxyImageVersion(KamalConfiguration configuration) => Proxy(configuration) + "/image_version";

    public static string ProxyRunCommand(KamalConfiguration configuration) => Proxy(configuration) + "/run_command";

    public static string ProxyApps(KamalConfiguration configuration) => Proxy(configuration) + "/apps-config";

    public static string ProxyApp(KamalConfiguration configuration) => $"{ProxyApps(configuration)}/{configuration.ServiceAndDestination}";

    public static string ErrorPages(KamalConfiguration configuration) => ProxyApp(configuration) + "/error_pages";

    public static string Tls(KamalConfiguration configuration, string name) => $"{ProxyApp(configuration)}/tls/{name}";

    public static string ErrorPagesInProxy(KamalConfiguration configuration) =>
        $"{AppsInProxy}/{configuration.ServiceAndDestination}/error_pages";

    public static string TlsInProxy(KamalConfiguration configuration, string name) =>
        $"{AppsInProxy}/{configuration.ServiceAndDestination}/tls/{name}";

    /// <summary>The symbolic link below <see cref="Tls"/> to the certificate in use.</summary>
    public const string CurrentTls = "current";

    /// <summary>
    /// A host path as <c>docker run --volume</c> requires it: absolute, with the working directory before a relative path.
    /// </summary>
    public static ShellWord Mountable(string path) =>
        path.StartsWith('/') ? ShellWord.Literal(path) : ShellWord.Join(ShellWord.Raw("\"$PWD\"/"), path);
}
