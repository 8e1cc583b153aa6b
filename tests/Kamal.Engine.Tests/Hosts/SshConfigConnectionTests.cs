using Kamal.Adapters;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Ssh;

/// <summary>From deploy.yml and ssh_config to a login at a real sshd.</summary>
[Trait("Category", "Linux")]
public sealed class SshConfigConnectionTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly ConfigurationFixture _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task WhatAMatchExecSaysDecidesTheConnection()
    {
        await using var account = TestAccount.Create();
        await using var office = await SshServer.StartAsync();
        await using var outside = await SshServer.StartAsync();
        Open(office);
        var atOffice = Path.Combine(_project.Root, "at-office");
        File.WriteAllText(atOffice, "web1\n");
        Configure("web1", $"""
            Match originalhost web1 exec "grep -qx %n {atOffice}"
              HostName 127.0.0.1
              Port {office.Port}
              User {account.Name}
              IdentityFile {office.UserKey}
              UserKnownHostsFile {office.KnownHosts}
            Match !exec "test -e {atOffice}" host web1
              HostName 127.0.0.1
              Port {outside.Port}
              IdentityFile {outside.UserKey}
              UserKnownHostsFile {outside.KnownHosts}
            Host *
              IdentitiesOnly yes
              IdentityAgent none
            """);

        Assert.Equal([$"{account.Name} {office.Port}"], await WhereAsync());
        File.Delete(atOffice);
        Assert.Equal([$"root {outside.Port}"], await WhereAsync());
    }

    [Fact]
    public async Task HostsMayEachHaveAPortAUserAndAnIpv6Address()
    {
        await using var account = TestAccount.Create();
        await using var first = await SshServer.StartAsync();
        await using var second = await SshServer.StartAsync();
        await using var third = await SshServer.StartAsync("::1", prepare: null);
        Open(second);
        SshServer[] servers = [first, second, third];
        Configure($"127.0.0.1:{first.Port}\", \"{account.Name}@127.0.0.1:{second.Port}\", \"[::1]:{third.Port}", $"""
            Host *
              IdentitiesOnly yes
              IdentityAgent none
              UserKnownHostsFile {string.Join(' ', servers.Select(server => server.KnownHosts))}
            {string.Join('\n', servers.Select(server => "  IdentityFile " + server.UserKey))}
            """);

        Assert.Equal([$"root {first.Port}", $"{account.Name} {second.Port}", $"root {third.Port}"], await WhereAsync());
    }

    [Fact]
    public async Task AChainOfTwoJumpHostsEachHasItsOwnSettings()
    {
        await using var account = TestAccount.Create();
        await using var first = await SshServer.StartAsync();
        await using var second = await SshServer.StartAsync();
        await using var server = await SshServer.StartAsync();
        Open(second);
        Configure("web1", $"""
            Host web1
              ProxyJump first,second
            {Block(server)}
            Host first
            {Block(first)}
            Host second
              User {account.Name}
            {Block(second)}
            """);

        Assert.Equal([$"root {server.Port}"], await WhereAsync());
        Assert.Equal((1, 1, 1), (first.Connections, second.Connections, server.Connections));
        Assert.Contains($"Accepted publickey for {account.Name}", second.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProxyCommandOfSshConfigGetsTheHostAndItsPort()
    {
        await using var gate = await SshServer.StartAsync();
        await using var server = await SshServer.StartAsync();
        Configure("web1", $"""
            Host web1
              ProxyCommand ssh -F none -i {gate.UserKey} -o UserKnownHostsFile={gate.KnownHosts} -p {gate.Port} -W %h:%p 127.0.0.1
            {Block(server)}
            """);

        Assert.Equal([$"root {server.Port}"], await WhereAsync());
        Assert.Equal((1, 1), (gate.Connections, server.Connections));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnInteractiveCommandIsReachedAsEverythingElse(bool hasTerminal)
    {
        await using var account = TestAccount.Create();
        await using var server = await SshServer.StartAsync();
        Open(server);
        var known = Path.Combine(_project.Root, "known_hosts");
        _project.Write("ssh_config", $"Host *\n  IdentityAgent none\n  UserKnownHostsFile {known}\n");
        var host = $"{account.Name}@127.0.0.1:{server.Port}";
        var key = (await File.ReadAllTextAsync(server.UserKey, Token)).Replace("\n", "\\n", StringComparison.Ordinal);
        _project.Write("config/deploy.yml", ConfigurationFixture.Combine(
            $"servers: [ \"{host}\" ]\nssh: {{ config: [ ssh_config ], keys_only: true, key_data: [ '{key}' ] }}\n"));

        await TalkAsync(host, new(null, null), account.Name, hasTerminal);

        // The key of the host was not known, and is now.
        Assert.StartsWith($"[127.0.0.1]:{server.Port} ", await File.ReadAllTextAsync(known, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInteractiveCommandLogsInWithTheCredential()
    {
        await using var account = TestAccount.Create();
        await using var server = await SshServer.StartAsync("PasswordAuthentication yes", "UsePAM yes", "PubkeyAuthentication no");
        var host = $"127.0.0.1:{server.Port}";
        Configure(host, $"Host *\n  UserKnownHostsFile {server.KnownHosts}\n");

        await TalkAsync(host, new(account.Name, new(account.Password)), account.Name, hasTerminal: true);
    }

    private async Task TalkAsync(string host, HostCredential credential, string expected, bool hasTerminal)
    {
        await using var pool = new HostConnectionPool(new AdapterFactory().CreateHostConnector());
        var access = new HostAccess(await _project.LoadAsync(), new FixedSecrets()) { Credential = credential, AcceptNewHostKeys = true };
        var fleet = new Fleet(
            pool, new AdapterFactory().CreateHostResolver(access).ResolveAsync, new ScriptedInteraction(), new RecordingSink());
        var console = new TextConsole("") { Terminal = hasTerminal ? new("xterm", 80, 24) : null };
        var step = new Step("Talk", ShellCommand.CommandLine("id -un; test -t 1 && echo terminal; exit 7"));
        Assert.Equal(7, await fleet.InteractAsync(host, step, console, (bytes, isError) => console.Write(bytes.Span, isError), Token));
        Assert.Equal(hasTerminal ? $"{expected}\nterminal\n" : $"{expected}\n", console.Written.ReplaceLineEndings("\n"));
    }

    private static string Block(SshServer server) => $"""
              HostName 127.0.0.1
              Port {server.Port}
              IdentityFile {server.UserKey}
              IdentitiesOnly yes
              IdentityAgent none
              UserKnownHostsFile {server.KnownHosts}
        """;

    /// <summary>sshd reads the keys as the account that logs in.</summary>
    private static void Open(SshServer server) => SshServer.RunTool("chmod", "755", server.Folder);

    private void Configure(string hosts, string config)
    {
        _project.Write("ssh_config", config);
        _project.Write("config/deploy.yml", ConfigurationFixture.Combine($"servers: [ \"{hosts}\" ]\nssh: {{ config: [ ssh_config ] }}\n"));
    }

    /// <summary>As whom, and at which port, each host of the configuration lets a script in.</summary>
    private async Task<IEnumerable<string>> WhereAsync()
    {
        KamalConfiguration configuration = await _project.LoadAsync();
        await using var pool = new HostConnectionPool(new AdapterFactory().CreateHostConnector());
        var resolver = new AdapterFactory().CreateHostResolver(new(configuration, new FixedSecrets()));
        var fleet = new Fleet(pool, resolver.ResolveAsync, new ScriptedInteraction(), new RecordingSink());
        var look = new Step("look", ShellCommand.Raw("set -- $SSH_CONNECTION; echo \"$(id -un) $4\"")) { Effect = StepEffect.ReadOnly };
        var results = await fleet.RunAsync("test", [.. configuration.AllHosts], _ => new HostScript("test", [look]), Token);
        return results.Select(result => result.Failure?.Message ?? result.Steps[0].Output);
    }
}
