using System.Collections.Immutable;
using Kamal.Ssh.Targets;
using Xunit;

namespace Kamal.Ssh.Tests.Targets;

public sealed class SshTargetResolverTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("kamal-ssh-").FullName;

    public static bool IsWindows => OperatingSystem.IsWindows();

    public SshTargetResolverTests() => Directory.CreateDirectory(Path.Combine(_home, ".ssh"));

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task AHostWithoutAnyConfigurationIsRootsAtPort22()
    {
        var target = await ResolveAsync("web1");
        Assert.Equal("root@web1:22", target.ToString());
        Assert.Equal(Path.Combine(_home, ".ssh", "id_ed25519"), target.IdentityFiles[0]);
        Assert.Equal(Path.Combine(_home, ".ssh", "known_hosts"), target.UserKnownHostsFiles[0]);
        Assert.Equal(TimeSpan.FromSeconds(3), target.KeepAliveInterval);
        Assert.Equal(StrictHostKeyChecking.Ask, target.HostKeyChecking);
    }

    [Theory]
    [InlineData("deploy@web1:2222", "deploy@web1:2222")]
    [InlineData("fd00::1", "root@[fd00::1]:22")]
    [InlineData("me@[fd00::1]:2200", "me@[fd00::1]:2200")]
    [InlineData("ssh://me@web1:24", "me@web1:24")]
    [InlineData("WEB1", "root@web1:22")]
    public async Task AHostMayNameUserAndPort(string host, string expected)
    {
        var target = await ResolveAsync(host);
        Assert.Equal((host, expected), (target.Name, target.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-oProxyCommand=x")]
    [InlineData("web1:")]
    [InlineData("web1:70000")]
    [InlineData("@web1")]
    [InlineData("[fd00::1")]
    public async Task WhatIsNoHostIsRefused(string host)
    {
        var error = await Assert.ThrowsAsync<SshClientException>(() => ResolveAsync(host));
        Assert.Equal(SshFailureReason.ConfigurationInvalid, error.Reason);
    }

    [Fact]
    public async Task AnAliasIsLookedUpAndSettingsGoOverIt()
    {
        Config("""
            Host web
              HostName 10.0.0.7
              User alice
              Port 2222
              IdentityFile ~/.ssh/%r-key
            """);
        Assert.Equal("alice@10.0.0.7:2222", (await ResolveAsync("web")).ToString());
        Assert.Equal([Path.Combine(_home, ".ssh/alice-key")], (await ResolveAsync("web")).IdentityFiles);
        Assert.Equal("deploy@10.0.0.7:23", (await ResolveAsync("web", new() { User = "deploy", Port = 23 })).ToString());
        Assert.Equal("root@web:22", (await ResolveAsync("web", new() { ConfigFiles = [] })).ToString());
    }

    [Fact]
    public async Task FilesNamedInTheSettingsReplaceTheUsers()
    {
        Config("Host web\n  Port 1");
        File.WriteAllText(Path.Combine(_home, "mine"), "Host web\n  Port 2");
        Assert.Equal(2, (await ResolveAsync("web", new() { ConfigFiles = ["~/mine"] })).Port);
        Assert.Equal(2, (await ResolveAsync("web", new() { ConfigFiles = ["mine"] })).Port);
    }

    [Fact]
    public async Task KeysOfTheSettingsReplaceSshConfigs()
    {
        Config("IdentityFile ~/.ssh/other");
        var target = await ResolveAsync("web", new() { IdentityFiles = ["~/.ssh/id.pem", "keys/deploy"], IdentitiesOnly = true });
        Assert.Equal([Path.Combine(_home, ".ssh", "id.pem"), Path.Combine(_home, "keys", "deploy")], target.IdentityFiles);
        Assert.True(target.IdentitiesOnly);
    }

    [Fact]
    public async Task KeysGivenAsTextReplaceTheDefaultFiles()
    {
        SshKeyText key = new("KEY", new("text"));
        var target = await ResolveAsync(
            "web", new() { KeyTexts = _ => Task.FromResult<ImmutableArray<SshKeyText>>([key]), IdentitiesOnly = true });
        Assert.Equal([key], target.KeyTexts);
        Assert.Empty(target.IdentityFiles);
    }

    [Theory]
    [InlineData("bastion", "me@bastion:22")]
    [InlineData("ops@bastion:2200", "ops@bastion:2200")]
    public async Task ProxyJumpOfTheSettingsIsAJumpHost(string jump, string expected)
    {
        var target = await ResolveAsync("web", new() { ProxyJump = jump });
        Assert.Equal(expected, target.Jump!.ToString());
        Assert.Null(target.Jump.Jump);
    }

    [Fact]
    public async Task JumpsOfSshConfigMakeAChainAndTheirOwnSettingsCount()
    {
        Config("""
            Host web
              ProxyJump first,ops@second:24
            Host second
              HostName 10.0.0.2
            """);
        var target = await ResolveAsync("web");
        Assert.Equal("ops@10.0.0.2:24", target.Jump!.ToString());
        Assert.Equal("first", target.Jump.Jump!.Address);
        Assert.Null(target.Jump.Jump.Jump);
    }

    [Fact]
    public async Task AJumpThroughItselfIsAnError()
    {
        Config("ProxyJump bastion");
        var error = await Assert.ThrowsAsync<SshClientException>(() => ResolveAsync("web"));
        Assert.Contains("form a loop", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheProxyCommandGetsItsTokens()
    {
        var target = await ResolveAsync("deploy@web:24", new() { ProxyCommand = "ssh -W %h:%p %r@proxy 100%%" });
        Assert.Equal("ssh -W web:24 deploy@proxy 100%", target.ProxyCommand);
        Assert.Null(target.Jump);
    }

    [Fact]
    public async Task EqualAnswersAreEqualTargetsSoThatConnectionsAreShared()
    {
        Config("Host *\n  ProxyJump bastion\nHost bastion\n  ProxyJump none");
        File.WriteAllText(Path.Combine(_home, ".ssh", "config"), "Host bastion\n  ProxyJump none\nHost *\n  ProxyJump bastion");
        var resolver = Resolver(new());
        var one = await resolver.ResolveAsync("web1", TestContext.Current.CancellationToken);
        var two = await resolver.ResolveAsync("web2", TestContext.Current.CancellationToken);
        Assert.Equal(one.Jump, two.Jump);
        Assert.Equal(one, await ResolveAsync("web1"));
        Assert.NotEqual(one, two);
    }

    [Fact]
    public async Task NewHostKeysAreAcceptedOnDemand()
    {
        Config("StrictHostKeyChecking yes");
        Assert.Equal(StrictHostKeyChecking.Yes, (await ResolveAsync("web")).HostKeyChecking);
        var target = await Resolver(new() { AcceptNewHostKeys = true }).ResolveAsync("web", TestContext.Current.CancellationToken);
        Assert.Equal(StrictHostKeyChecking.AcceptNew, target.HostKeyChecking);
    }

    [Fact]
    public async Task ACredentialIsForItsOwnAccountAndNotForJumpHosts()
    {
        Config("Host *\n  User alice\nMatch originalhost web\n  ProxyJump bob@bastion");
        var password = new SshSecret("secret");
        var resolver = Resolver(new() { User = "bob", PasswordUser = "bob", Password = password });
        var target = await resolver.ResolveAsync("web", TestContext.Current.CancellationToken);
        Assert.Equal(
            ("bob@web:22", password, "bob@bastion:22", null),
            (target.ToString(), target.Password, target.Jump!.ToString(), target.Jump.Password));
        target = await resolver.ResolveAsync("carol@web", TestContext.Current.CancellationToken);
        Assert.Equal(("carol@web:22", null), (target.ToString(), target.Password));
    }

    [Fact]
    public async Task UnknownOptionsAreNotedOnceWithTheirPlace()
    {
        Config("Host *\n  Shiny yes\n  Compression yes");
        List<string> notes = [];
        var resolver = Resolver(new() { Note = notes.Add });
        await resolver.ResolveAsync("a", TestContext.Current.CancellationToken);
        await resolver.ResolveAsync("b", TestContext.Current.CancellationToken);
        Assert.Contains("config:2", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotDoneHereIsNotedWhereItAsksForSomething()
    {
        Config(
            "Host *\n  UpdateHostKeys yes\n  CheckHostIP no\n  GSSAPIAuthentication yes\n  RekeyLimit default none\n  " +
            "KnownHostsCommand /bin/keys \"%H\n  PermitLocalCommand false\n  ControlMaster auto\nHost other\n  PKCS11Provider /lib/x.so");
        List<string> notes = [];
        await Resolver(new() { Note = notes.Add }).ResolveAsync("web", TestContext.Current.CancellationToken);
        Assert.Equal(
            [2, 4, 6],
            notes.Select(note => int.Parse(note.Split("config:")[1].Split(':')[0], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(notes, note => Assert.Contains("has no effect", note, StringComparison.Ordinal));
    }

    [Fact]
    public async Task MatchSeesTheAccountThatIsUsed()
    {
        Config("Match user root\n  Port 2\nMatch user deploy exec \"%r\"\n  Port 3");
        Assert.Equal("root@web:2", (await ResolveAsync("web")).ToString());
        Assert.Equal("deploy@web:3", (await ResolveAsync("deploy@web")).ToString());
        Config("Host bastion\n  ProxyJump none\nHost *\n  ProxyJump bastion\nMatch user root\n  Port 2\nMatch user me\n  Port 4");
        var target = await ResolveAsync("web");
        Assert.Equal(("root@web:2", "me@bastion:4"), (target.ToString(), target.Jump!.ToString()));
    }

    [Theory]
    [InlineData("Match localnetwork 10.0.0.0/8,fd00::/8", true)]
    [InlineData("Match localnetwork 192.0.2.7", true)]
    [InlineData("Match localnetwork 172.16.0.0/12", false)]
    [InlineData("Match !localnetwork 172.16.0.0/12", true)]
    [InlineData("Tag prod\nMatch tagged pro*,test", true)]
    [InlineData("Tag prod\nMatch tagged test", false)]
    [InlineData("Match tagged *", true)]
    [InlineData("Match tagged ?*", false)]
    [InlineData("Match sessiontype exec", true)]
    [InlineData("Match sessiontype shell,subsystem", false)]
    [InlineData("Match command *rsync*", false)]
    [InlineData("Match version OpenSSH_*", false)]
    public async Task CriteriaOfNewerVersionsAreKnown(string line, bool meets)
    {
        Config(line + "\n  Port 24");
        Assert.Equal(meets ? 24 : 22, (await ResolveAsync("web")).Port);
    }

    [Fact]
    public async Task ANetworkThatIsNoneIsAnError()
    {
        Config("Match localnetwork home\n  Port 24");
        Assert.Contains(
            "'home' is not a network", (await Assert.ThrowsAsync<SshClientException>(() => ResolveAsync("web"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusedConnectionIsNotMade()
    {
        Config("Host web\n  RefuseConnection \"the old one\"");
        Assert.Contains(
            "the old one", (await Assert.ThrowsAsync<SshClientException>(() => ResolveAsync("web"))).Message,
            StringComparison.Ordinal);
        Assert.Equal(22, (await ResolveAsync("db")).Port);
    }

    [Theory]
    // By the domains.
    [InlineData("CanonicalizeHostname yes\nCanonicalDomains b.example a.example", "web", "web.a.example")]
    [InlineData("CanonicalizeHostname yes\nCanonicalDomains none", "web", "web")]
    [InlineData("CanonicalizeHostname yes\nCanonicalDomains a.example\nCanonicalizeMaxDots 0", "web.x", "web.x")]
    [InlineData("CanonicalizeHostname yes", "web.a.example.", "web.a.example")]
    [InlineData("CanonicalizeHostname yes\nCanonicalDomains a.example", "10.0.0.7", "10.0.0.7")]
    // By an alias of the name service, where rules permit it.
    [
        InlineData(
            "CanonicalizeHostname yes\nCanonicalDomains a.example\nCanonicalizePermittedCNAMEs *.a.example:*.b.example", "www",
            "web7.b.example")]
    [
        InlineData(
            "CanonicalizeHostname yes\nCanonicalDomains a.example\nCanonicalizePermittedCNAMEs *.c.example:* web.*:*.b.example",
            "www", "www.a.example")]
    [InlineData("CanonicalizeHostname yes\nCanonicalDomains a.example\nCanonicalizePermittedCNAMEs none", "www", "www.a.example")]
    [InlineData("CanonicalizeHostname yes\nCanonicalDomains a.example", "www", "www.a.example")]
    [InlineData("CanonicalizePermittedCNAMEs *.a.example:*.b.example", "www.a.example", "web7.b.example")]
    [
        InlineData(
            "CanonicalizePermittedCNAMEs *.a.example:*.b.example\nProxyJump j\nHost j\nProxyJump none", "www.a.example",
            "www.a.example")]
    public async Task NamesAreMadeFull(string text, string host, string expected)
    {
        Config(text.StartsWith("CanonicalizePermitted", StringComparison.Ordinal)
            && text.Contains("Host j", StringComparison.Ordinal) ? "Host j\nProxyJump none\nHost *\n" + text.Split("\nHost j")[0] : text);
        Assert.Equal(expected, (await ResolveAsync(host)).Address);
    }

    [Fact]
    public async Task AFullNameIsReadAgain()
    {
        Config("CanonicalizeHostname yes\nCanonicalDomains a.example\nHost *.a.example\n  Port 24");
        Assert.Equal("root@web.a.example:24", (await ResolveAsync("web")).ToString());
    }

    [Theory]
    [InlineData("IdentityAgent ${RUNTIME}/agent.sock", "/run/me/agent.sock")]
    [InlineData("IdentityAgent ${SOCKET}", "/run/socket")]
    [InlineData("IdentityAgent $SOCKET", "/run/socket")]
    [InlineData("IdentityAgent $NOTHING", "none")]
    [InlineData("IdentityAgent SSH_AUTH_SOCK", "SSH_AUTH_SOCK")]
    [InlineData("IdentityAgent none", "none")]
    [InlineData("IdentityAgent /run/%u/%r.sock", "/run/me/root.sock")]
    [InlineData("", null)]
    public async Task TheAgentsPathIsExpanded(string text, string? expected)
    {
        Config(text);
        Assert.Equal(expected, (await ResolveAsync("web")).IdentityAgent);
    }

    [Theory]
    [InlineData("NUL", true, 0)]
    [InlineData("nul:", true, 0)]
    [InlineData(@"\\.\NUL", true, 0)]
    [InlineData("/dev/null", true, 0)]
    [InlineData("NUL", false, 1)]
    [InlineData("/home/annul", true, 1)]
    public async Task AListOfKnownHostsMayBeTheNullDeviceOfWindows(string file, bool isWindows, int expected)
    {
        Config($"UserKnownHostsFile {file.Replace(@"\", @"\\", StringComparison.Ordinal)}");
        Assert.Equal(expected, (await ResolveAsync("web", isWindows: isWindows)).UserKnownHostsFiles.Length);
    }

    [Fact]
    public async Task WhatOnlyMacOsKnowsIsIgnored()
    {
        Config("Host *\n  UseKeychain yes\n  AddKeysToAgent no");
        List<string> notes = [];
        await Resolver(new() { Note = notes.Add }).ResolveAsync("web", TestContext.Current.CancellationToken);
        Assert.Empty(notes);
    }

    [Fact(Skip = "Windows has no such number.", SkipWhen = nameof(IsWindows))]
    public void TheUsersIdIsThatOfTheSystem()
    {
        using var id = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("id", "-u") { RedirectStandardOutput = true })!;
        Assert.Equal(id.StandardOutput.ReadToEnd().Trim(), new Kamal.Ssh.Config.SshConfigEnvironment().LocalUserId());
    }

    [Fact]
    public async Task WhatDecidesAConnectionIsPartOfTheTarget()
    {
        Config("BindAddress 10.0.0.1\nBindInterface eth0\nTCPKeepAlive no\nCompression yes\nConnectTimeout 0\nBatchMode yes");
        var target = await ResolveAsync("web");
        Assert.Equal(
            ("10.0.0.1", "eth0", false, true), (target.BindAddress, target.BindInterface, target.TcpKeepAlive, target.Compression));
        Assert.Equal(TimeSpan.FromSeconds(30), target.ConnectTimeout);
        // Nobody is asked, but a password that is given counts.
        Assert.Equal((0, 0), (target.PasswordPrompts, target.DisabledAuthentications.Length));
        Assert.Equal(StrictHostKeyChecking.Yes, target.HostKeyChecking);
        foreach (var line in new[] { "BindAddress 10.0.0.1", "BindInterface eth0", "TCPKeepAlive no", "Compression yes" })
        {
            Config("");
            var plain = await ResolveAsync("web");
            Config(line);
            Assert.NotEqual(plain, await ResolveAsync("web"));
        }
    }

    private void Config(string text) => File.WriteAllText(Path.Combine(_home, ".ssh", "config"), text);

    private SshTargetResolver Resolver(SshSettings settings, bool? isWindows = null) => new(
        settings with { Directory = _home, DefaultUser = "root" },
        new()
        {
            IsWindows = isWindows ?? OperatingSystem.IsWindows(),
            Home = _home, SystemDirectory = Path.Combine(_home, "etc"), LocalUser = "me", Execute = (line, _) =>
                Task.FromResult(line == "deploy"),
            Variable = name => name switch { "RUNTIME" => "/run/me", "SOCKET" => "/run/socket", _ => null },
            LocalAddresses = () =>
                [System.Net.IPAddress.Loopback, System.Net.IPAddress.Parse("10.1.2.3"), System.Net.IPAddress.Parse("192.0.2.7")],
            Resolves = (name, _) =>
                Task.FromResult(name.TrimEnd('.') switch { "web.a.example" => name, "www.a.example" => "Web7.b.example.", _ => null }),
        });

    private async Task<SshTarget> ResolveAsync(string host, SshSettings? settings = null, bool? isWindows = null) =>
        await Resolver(settings ?? new(), isWindows).ResolveAsync(host, TestContext.Current.CancellationToken);
}
