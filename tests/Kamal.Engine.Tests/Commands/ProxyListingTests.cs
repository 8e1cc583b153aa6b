using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ProxyListingTests
{
    [Fact]
    public void ReadsTheProxysColouredTable()
    {
        const string output =
            "\e[3;94mService  \e[0m\e[3;94mHost                             \e[0m\e[3;94mPath  \e[0m\e[3;94mTarget                      "
                + "     \e[0m\e[3;94mState    \e[0m\e[3;94mTLS  \e[0m\n" +
            "\e[1;34mapp-web  \e[0mapp.example.com,www.example.com  /x    127.0.0.1:19002,127.0.0.1:19001  running  no   \n" +
            "\e[1;34msvc      \e[0m*                                /     127.0.0.1:19001                  stopped  yes  \n";

        var services = ProxyListing.Parse("h", output).ToList();

        Assert.Equal(["app-web", "svc"], services.Select(service => service.Service));
        Assert.Equal(["app.example.com", "www.example.com"], services[0].Domains);
        Assert.Equal(["127.0.0.1:19002", "127.0.0.1:19001"], services[0].Targets);
        Assert.Equal(["/x"], services[0].Paths);
        Assert.Equal(("running", false), (services[0].State, services[0].Tls));
        Assert.Equal(("stopped", true), (services[1].State, services[1].Tls));
    }

    [Fact]
    public void ReadsAnEmptyTable() => Assert.Empty(ProxyListing.Parse("h", "\e[3;94mService  \e[0mHost  Path  Target  State  TLS  \n"));
}
