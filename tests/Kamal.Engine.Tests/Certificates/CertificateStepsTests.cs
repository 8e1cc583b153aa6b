using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Certificates;

/// <summary>A certificate's way to the proxy, on a real shell.</summary>
[Trait("Category", "Linux")]
public sealed class CertificateStepsTests : IDisposable
{
    private const string Tls = ".kamal/proxy/apps-config/app/tls/web";
    private const string InProxy = "/home/kamal-proxy/.apps-config/app/tls/web";
    private readonly OperationFixture _fixture = new OperationFixture().Configure("""
        servers: [ 1.1.1.1 ]
        proxy: { host: app.example.com, ssl: { certificate_pem: CERT, private_key_pem: KEY } }
        """);

    private readonly FolderHost _host = new FolderHost().Program("docker", "printf '%s\\n' \"$*\" >> $HOST/docker.log");

    [Fact]
    public async Task The_pair_in_use_stays_as_it_is_until_the_proxy_uses_the_new_one()
    {
        var (old, @new) = (await StepsAsync(), await StepsAsync());
        Assert.True((await _host.RunAsync([.. old.Write(), .. old.Settle()])).Succeeded);

        Assert.True((await _host.RunAsync(@new.Write())).Succeeded);
        Assert.Equal(Folders(old, @new, "current"), _host.Tree(Tls));
        Assert.Equal($"{InProxy}/current", await FoundAsync());

        Assert.True((await _host.RunAsync(@new.Settle())).Succeeded);
        Assert.Equal(Folders(@new, "current"), _host.Tree(Tls));
        Assert.Equal(@new.FolderInProxy, $"{InProxy}/{new DirectoryInfo(_host.PathOf(Tls + "/current")).LinkTarget}");
    }

    [Fact]
    public async Task Keys_that_Kamal_left_for_everybody_to_read_go_once_the_proxy_uses_another_pair()
    {
        var steps = await StepsAsync();
        _host.Write(Tls + "/cert.pem", "Kamal's").Write(Tls + "/key.pem", "Kamal's");
        await _host.RunAsync(steps.Write());
        Assert.Equal(Folders(steps, "cert.pem", "key.pem"), _host.Tree(Tls));
        await _host.RunAsync(steps.Settle());
        Assert.Equal(Folders(steps, "current"), _host.Tree(Tls));
    }

    [Fact]
    public async Task A_start_takes_the_certificate_of_whoever_deployed_last()
    {
        Assert.Equal(InProxy, await FoundAsync());
        var steps = await StepsAsync();
        await _host.RunAsync([.. steps.Write(), .. steps.Settle()]);
        Assert.Equal($"{InProxy}/current", await FoundAsync());
        _host.Write(Tls + "/cert.pem", "Kamal's");
        File.SetLastWriteTimeUtc(_host.PathOf(Tls + "/cert.pem"), DateTime.UtcNow.AddMinutes(1));
        Assert.Equal(InProxy, await FoundAsync());
    }

    [Fact]
    public async Task Who_may_not_give_files_away_has_the_proxy_do_it_or_leaves_no_key()
    {
        var steps = await StepsAsync();
        _host.Program("chown", "exit 1");
        Assert.True((await _host.RunAsync(steps.Write())).Succeeded);
        Assert.Equal(
            $"exec --user root kamal-proxy chown 1001 {steps.FolderInProxy}/key.pem.kamal-new\n",
            await File.ReadAllTextAsync(_host.PathOf("docker.log"), TestContext.Current.CancellationToken));
        Assert.Equal("400", _host.Mode($"{Folder(steps)}/key.pem"));

        _host.Program("docker", "echo 'No such container: kamal-proxy' >&2; exit 1");
        var other = await StepsAsync();
        var refused = await _host.RunAsync(other.Write());
        Assert.Contains("No such container", refused.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("Invoke-KamalProxyBoot", refused.Failure.Recommendation, StringComparison.Ordinal);
        Assert.Equal("cert.pem", _host.Tree(Folder(other)));
    }

    [Fact]
    public async Task Folders_let_the_proxy_through_and_list_nothing_whatever_the_umask()
    {
        var steps = await StepsAsync();
        Directory.CreateDirectory(_host.PathOf(".kamal/proxy/apps-config/app"));
        foreach (var folder in new[] { ".kamal/proxy/apps-config", ".kamal/proxy/apps-config/app" }) _host.SetMode(folder, "700");
        Assert.True((await _host.RunAsync(steps.Write())).Succeeded);
        Assert.All([".kamal/proxy/apps-config", ".kamal/proxy/apps-config/app", Tls, Folder(steps)], folder =>
            Assert.Equal("711", _host.Mode(folder)));
    }

    [Theory]
    [InlineData("/home/other/.kamal/proxy/apps-config", false)]
    [InlineData("", true)]
    [InlineData("$HOST/.kamal/proxy/apps-config", true)]
    [InlineData("$HOST/link", true)]
    public async Task Another_account_s_proxy_is_found_out(string mount, bool fine)
    {
        Directory.CreateDirectory(_host.PathOf(".kamal/proxy/apps-config"));
        File.CreateSymbolicLink(_host.PathOf("link"), _host.PathOf(".kamal/proxy/apps-config"));
        _host.Program("docker", $"echo \"{mount}\"");
        var configuration = await _fixture.LoadAsync();

        var result = await _host.RunAsync(ProxyFiles.Preflight(configuration, configuration.Roles));

        Assert.Equal(fine, result.Succeeded);
        if (fine) return;
        Assert.Equal(KamalErrorId.ProxyFilesUnreachable, result.Failure!.Id);
        Assert.Contains(
            $"it reads /home/other/.kamal/proxy/apps-config, this account writes {_host.PathOf(".kamal/proxy/apps-config")}",
            result.Failure.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _host.Dispose();
    }

    private async Task<CertificateSteps> StepsAsync()
    {
        var (certificate, key) = TestCertificates.Create();
        return new(await _fixture.LoadAsync(), "web", CertificatePair.Read(certificate, key));
    }

    private async Task<string> FoundAsync()
    {
        var configuration = await _fixture.LoadAsync();
        return (await _host.RunAsync(CertificateSteps.Find(configuration, "web", configuration.Roles[0].Proxy!, "found")))
            .Captured("found");
    }

    private static string Folder(CertificateSteps steps) => $"{Tls}/{steps.FolderInProxy[(InProxy.Length + 1)..]}";

    private static string Folders(CertificateSteps one, params string[] others) => Sorted([one], others);

    private static string Folders(CertificateSteps one, CertificateSteps two, params string[] others) => Sorted([one, two], others);

    private static string Sorted(IEnumerable<CertificateSteps> steps, IEnumerable<string> others) =>
        string.Join(' ', steps.Select(step => step.FolderInProxy[(InProxy.Length + 1)..]).Concat(others).Order(StringComparer.Ordinal));
}
