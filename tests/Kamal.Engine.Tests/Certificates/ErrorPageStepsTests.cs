using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Certificates;

/// <summary>Error pages' way to the proxy, on a real shell.</summary>
[Trait("Category", "Linux")]
public sealed class ErrorPageStepsTests : IDisposable
{
    private const string Pages = ".kamal/proxy/apps-config/app/error_pages";
    private readonly OperationFixture _fixture = new OperationFixture()
        .Configure("error_pages_path: public\nproxy: { host: a.example.com }\n").Write("public/404.html", "not here")
        .Write("public/503.html", "later");
    private readonly FolderHost _host = new FolderHost();

    [Fact]
    public async Task Pages_in_use_are_not_overwritten_by_others_of_the_same_version()
    {
        await WriteAsync();
        await WriteAsync();
        Assert.Equal(("v1", "404.html 503.html"), (_host.Tree(Pages), _host.Tree(Pages + "/v1")));
        Assert.Equal("v1", await UsedAsync());

        _fixture.Write("public/503.html", "{{ broken");
        await WriteAsync();
        var changed = await UsedAsync();
        Assert.Matches("^v1~[0-9a-f]{16}$", changed);
        Assert.Equal(("later", "{{ broken"), (Read("v1/503.html"), Read(changed + "/503.html")));

        Directory.SetLastWriteTimeUtc(_host.PathOf($"{Pages}/{changed}"), DateTime.UtcNow.AddSeconds(-5));
        _fixture.Write("public/503.html", "later");
        await WriteAsync();
        Assert.Equal("v1", await UsedAsync());
    }

    [Fact]
    public async Task The_proxy_may_list_them_whatever_the_umask()
    {
        Directory.CreateDirectory(_host.PathOf(Pages));
        _host.SetMode(Pages, "700").SetMode(".kamal/proxy/apps-config", "700");
        await WriteAsync();
        Assert.Equal(
            ("711", "711", "755", "644"),
            (_host.Mode(".kamal/proxy/apps-config"), _host.Mode(Pages), _host.Mode(Pages + "/v1"), _host.Mode(Pages + "/v1/404.html")));
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _host.Dispose();
    }

    private async Task WriteAsync() => Assert.Null((await _host.RunAsync(ErrorPageSteps.Read(await _fixture.LoadAsync()))).Failure);

    private async Task<string> UsedAsync()
    {
        var configuration = await _fixture.LoadAsync();
        _host.Program("docker", "for word; do case $word in --error-pages=*) echo \"${word##*/}\";; esac; done");
        var deploy = new ProxyCommands(configuration).Deploy("app-web", configuration.Roles[0].Proxy!, "target", null);
        return (await _host.RunAsync([new Step("deploy", deploy)])).Steps[0].Output;
    }

    private string Read(string name) => File.ReadAllText(_host.PathOf($"{Pages}/{name}"));
}
