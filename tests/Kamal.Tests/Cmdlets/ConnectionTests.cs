using Kamal.Engine.Results;
using Kamal.Loading;
using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>Open connections of a session to a real sshd.</summary>
[Trait("Category", "Linux")]
public sealed class ConnectionTests : IAsyncDisposable
{
    // Kamal's commands write to the directory where they start, which must not be this account's home.
    private const string InFolder = "ForceCommand cd @FOLDER@ && eval \"$SSH_ORIGINAL_COMMAND\"";
    private readonly TestSession _session = new(AdapterLoader.Factory.CreateHostConnector());
    private readonly List<SshServer> _servers = [];

    [Fact]
    public async Task A_connection_stays_open_and_is_listed()
    {
        var server = await StartAsync();
        Configure(server);
        Say("hello");
        Say("again");

        var connection = Assert.Single(Connections());
        Assert.Equal(
            ("127.0.0.1", $"{Environment.UserName}@127.0.0.1:{server.Port}", true, false),
            (connection.HostName, connection.Target, connection.IsConnected, connection.IsBusy));
        Assert.InRange(connection.ConnectedAt, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.InRange(connection.Idle, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Equal(1, server.Connections);
        Assert.Empty(Connections("web*"));
    }

    [Theory]
    [InlineData("log_level: debug", "", true, false)]
    [InlineData("log_level: info", "", true, false)]
    [InlineData("log_level: fatal", "-Debug:$false", false, false)]
    [InlineData("keys_only: true", "", false, true)]
    [InlineData("keys_only: true", "-Debug", false, true)]
    public async Task Details_of_connecting_are_shown_on_request(string setting, string argument, bool informs, bool debugs)
    {
        var server = await StartAsync();
        Configure(server, "\n  " + setting);
        var run = _session.Run($"& {{ $DebugPreference = 'Continue'; Invoke-KamalServerCommand 'true' -HostName 127.0.0.1 {argument} }}");
        Assert.Empty(run.Errors);
        var expected = $"[127.0.0.1] ssh: trying {server.UserKey} ";
        Assert.Equal(informs, run.Information.Any(line => line.StartsWith(expected, StringComparison.Ordinal)));
        Assert.Equal(debugs, run.Debug.Any(line => line.StartsWith(expected, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Disconnect_closes_the_named_connections()
    {
        var server = await StartAsync();
        Configure(server);
        Say("hello");

        Assert.Empty(_session.Run("Disconnect-KamalConnection -WhatIf; Disconnect-KamalConnection other*").Errors);
        Assert.Single(Connections());
        Assert.True(server.IsServing);
        Assert.Empty(_session.Run("Get-KamalConnection 127.* | Disconnect-KamalConnection").Errors);
        Assert.Empty(Connections());
        await IsLeftAsync(server);
        Say("once more");
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Removing_the_module_closes_the_connections()
    {
        var server = await StartAsync();
        Configure(server);
        Say("hello");
        Assert.Empty(_session.Run("Remove-Module Kamal").Errors);
        await IsLeftAsync(server);
    }

    [Fact]
    public async Task Closing_the_runspace_closes_the_connections()
    {
        var server = await StartAsync();
        Configure(server);
        Say("hello");
        _session.Runspace.Close();
        await IsLeftAsync(server);
    }

    [Fact]
    public async Task A_changed_configuration_closes_the_outdated_connection()
    {
        var before = await StartAsync();
        var after = await StartAsync();
        Configure(before);
        Say("hello");
        Configure(after);
        Say("from elsewhere");
        Assert.Equal($"{Environment.UserName}@127.0.0.1:{after.Port}", Assert.Single(Connections()).Target);
        await IsLeftAsync(before);

        // Another route to the same host is another connection.
        Configure(after, "\n  keys_only: false");
        Say("otherwise");
        Assert.Single(Connections());
        Assert.Equal(2, after.Connections);
    }

    [Fact]
    public async Task A_broken_connection_is_shown_as_such_and_replaced()
    {
        var server = await StartAsync();
        Configure(server);
        Say("hello");
        server.DropConnections();
        await IsLeftAsync(server);
        // The client notices a moment later.
        var until = Environment.TickCount64 + 20_000;
        while (Connections().Any(connection => connection.IsConnected) && Environment.TickCount64 < until)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.All(Connections(), connection => Assert.False(connection.IsConnected));
        Say("again");
        Assert.True(Assert.Single(Connections()).IsConnected);
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        foreach (var server in _servers) await server.DisposeAsync();
    }

    private async Task<SshServer> StartAsync()
    {
        _servers.Add(await SshServer.StartAsync(InFolder));
        return _servers[^1];
    }

    private void Configure(SshServer server, string more = "\n  keys_only: true")
    {
        _session.Write("ssh_config", $"Host *\n  UserKnownHostsFile {server.KnownHosts}\n  IdentityAgent none\n");
        _session.Write("config/deploy.yml", SampleProject.Configuration
            .Replace("web: [ 192.0.2.1, 192.0.2.2 ]", "web: [ 127.0.0.1 ]", StringComparison.Ordinal)
            + $"\nssh:\n  user: {Environment.UserName}\n  port: {server.Port}\n  keys: [ {server.UserKey} ]\n"
            + $"  config: [ ssh_config ]{more}\n");
    }

    private void Say(string word)
    {
        var run = _session.Run($"Invoke-KamalServerCommand 'echo {word}' -HostName 127.0.0.1");
        Assert.Empty(run.Errors);
        Assert.Equal(word, Assert.Single(run.Results<KamalCommandResult>()).Output);
    }

    private List<KamalConnection> Connections(string pattern = "*") =>
        [.. _session.Run($"Get-KamalConnection {pattern}").Results<KamalConnection>()];

    /// <summary>Waits until sshd's processes for its connections have ended.</summary>
    private static async Task IsLeftAsync(SshServer server)
    {
        for (var i = 0; server.IsServing; i++)
        {
            Assert.True(i < 400, "the connection still stands");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
