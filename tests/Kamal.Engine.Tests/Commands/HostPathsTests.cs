using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class HostPathsTests
{
    [Theory]
    [InlineData(null, "app")]
    [InlineData("staging", "app-staging")]
    public async Task Everything_lies_below_the_run_directory_by_service_and_destination(string? destination, string app)
    {
        var configuration = await ConfigurationFixture.LoadWithAsync("accessories: { db: { image: mysql, host: 1.1.1.1 } }\n", destination);
        (string Path, string Expected)[] paths =
        [
            (HostPaths.AuditLog(configuration), $".kamal/{app}-audit.log"),
            (HostPaths.Lock(configuration), $".kamal/lock-{app}"),
            (HostPaths.LockDetails(configuration), $".kamal/lock-{app}/details"),
            (HostPaths.LockOwner(configuration, "0a"), $".kamal/lock-{app}/owner-0a"),
            (HostPaths.Apps(configuration), ".kamal/apps"),
            (HostPaths.App(configuration), $".kamal/apps/{app}"),
            (HostPaths.RoleEnvDirectory(configuration), $".kamal/apps/{app}/env/roles"),
            (HostPaths.RoleEnv(configuration, configuration.Roles[0]), $".kamal/apps/{app}/env/roles/web.env"),
            (HostPaths.AccessoryEnvDirectory(configuration), $".kamal/apps/{app}/env/accessories"),
            (HostPaths.AccessoryEnv(configuration, configuration.Accessories[0]), $".kamal/apps/{app}/env/accessories/db.env"),
            (HostPaths.ExtractedAssets(configuration), $".kamal/apps/{app}/assets/extracted"),
            (HostPaths.AssetVolumes(configuration), $".kamal/apps/{app}/assets/volumes"),
            (HostPaths.Proxy(configuration), ".kamal/proxy"),
            (HostPaths.ProxyOptions(configuration), ".kamal/proxy/options"),
            (HostPaths.ProxyImage(configuration), ".kamal/proxy/image"),
            (HostPaths.ProxyImageVersion(configuration), ".kamal/proxy/image_version"),
            (HostPaths.ProxyRunCommand(configuration), ".kamal/proxy/run_command"),
            (HostPaths.ProxyApps(configuration), ".kamal/proxy/apps-config"),
            (HostPaths.ProxyApp(configuration), $".kamal/proxy/apps-config/{app}"),
            (HostPaths.ErrorPages(configuration), $".kamal/proxy/apps-config/{app}/error_pages"),
            (HostPaths.Tls(configuration, "web"), $".kamal/proxy/apps-config/{app}/tls/web"),
            (HostPaths.ErrorPagesInProxy(configuration), $"/home/kamal-proxy/.apps-config/{app}/error_pages"),
            (HostPaths.TlsInProxy(configuration, "web"), $"/home/kamal-proxy/.apps-config/{app}/tls/web"),
        ];
        Assert.Equal(paths.Select(row => row.Expected), paths.Select(row => row.Path));
    }

    [Theory]
    [InlineData("/srv/a b", "'/srv/a b'")]
    [InlineData(".kamal/x", "\"$PWD\"/.kamal/x")]
    [InlineData("a b", "\"$PWD\"/'a b'")]
    public void A_mount_is_absolute(string path, string expected) => Assert.Equal(expected, HostPaths.Mountable(path).Text);
}
