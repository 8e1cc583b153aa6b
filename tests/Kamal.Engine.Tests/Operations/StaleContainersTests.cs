using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>What a real shell makes of the steps that look for stale containers; this machine plays the host.</summary>
[Trait("Category", "Linux")]
public sealed class StaleContainersTests : IDisposable
{
    private const string Servers = "servers:\n  web: [ 1.1.1.1 ]\n  worker: { hosts: [ 1.1.1.1 ], cmd: work }\n";

    private readonly FolderHost _host = new();

    [Theory]
    [InlineData("c1 app-web-v1\\nc2 app-web-v2\\n", "c3 app-worker-v1\\n", "stop c2")]
    [InlineData("c1 app-web-v1\\n", "c3 app-worker-v1\\nc4 app-worker-v2\\n", "stop -t 30 c4")]
    [InlineData("c1 app-web-v1\\n", "c3 app-worker-v1\\n", "")]
    [InlineData("", "c3 app-worker-v1\\n", "")]
    public async Task Only_containers_besides_the_current_one_of_their_role_are_stopped(string web, string worker, string stopped)
    {
        var configuration = await ConfigurationFixture.LoadWithAsync(Servers);
        _host.Write("stopped", "").Program("docker", $"""
            case "$*" in
            stop*) echo "$*" >> "$HOST/stopped" ;;
            *--latest*role=web*) echo c1 ;;
            *--latest*role=worker*) echo c3 ;;
            *role=web*) printf '{web}' ;;
            *role=worker*) printf '{worker}' ;;
            *list) echo 'app-web c1:80' ;;
            esac
            """);

        var result = await _host.RunAsync(configuration.Roles.SelectMany(role => StaleContainers.For(configuration, role, stop: true)));

        Assert.Null(result.Failure);
        Assert.Equal(stopped, _host.Read("stopped").Trim());
    }

    public void Dispose() => _host.Dispose();
}
