using Kamal.Ssh.Connecting;
using Kamal.Ssh.HostKeys;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Connecting;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Ssh.Tests.HostKeys;

/// <summary>Whom we trust, against a real sshd.</summary>
[Trait("Category", "Linux")]
public sealed class SshHostKeyTests
{
    [Fact]
    public async Task AnUnknownKeyIsRefusedWithTheLineToAdd()
    {
        await using var server = await SshServer.StartAsync();
        var line = await File.ReadAllTextAsync(server.KnownHosts, TestContext.Current.CancellationToken);
        File.Delete(server.KnownHosts);
        var error = await FailAsync(server.Target);
        Assert.Equal(SshFailureReason.HostKeyUnknown, error.Reason);
        Assert.Contains("SHA256:", error.Message, StringComparison.Ordinal);
        Assert.Contains("StrictHostKeyChecking accept-new", error.Recommendation, StringComparison.Ordinal);
        Assert.Contains(string.Join(' ', line.Split(' ')[..3]).Trim(), error.Recommendation, StringComparison.Ordinal);
        Assert.False(File.Exists(server.KnownHosts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnUnknownKeyThatTheOperatorTrustsIsRememberedAsOpenSshReadsIt(bool hash)
    {
        await using var server = await SshServer.StartAsync();
        File.Delete(server.KnownHosts);
        var trusting = new ScriptedInteraction { TrustsKeys = true };
        await ConnectAsync(server.Target with { HashKnownHosts = hash }, trusting);
        await ConnectAsync(server.Target, trusting);
        Assert.Single(trusting.Asked);
        Assert.Contains(
            "found", SshServer.RunTool("ssh-keygen", "-F", $"[127.0.0.1]:{server.Port}", "-f", server.KnownHosts),
            StringComparison.Ordinal);
        Assert.Equal(
            hash,
            (await File.ReadAllTextAsync(server.KnownHosts, TestContext.Current.CancellationToken))
                .StartsWith("|1|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NewKeysAreAcceptedOnDemandWithoutAQuestion()
    {
        await using var server = await SshServer.StartAsync();
        File.Delete(server.KnownHosts);
        await ConnectAsync(server.Target with { HostKeyChecking = StrictHostKeyChecking.AcceptNew });
        await ConnectAsync(server.Target with { HostKeyChecking = StrictHostKeyChecking.Yes });
    }

    [Theory]
    [InlineData(StrictHostKeyChecking.Ask)]
    [InlineData(StrictHostKeyChecking.AcceptNew)]
    [InlineData(StrictHostKeyChecking.No)]
    public async Task AChangedKeyIsRefusedAlways(StrictHostKeyChecking checking)
    {
        await using var server = await SshServer.StartAsync();
        await ReplaceKeyAsync(server);
        var error = await FailAsync(server.Target with { HostKeyChecking = checking }, new ScriptedInteraction { TrustsKeys = true });
        Assert.Equal(SshFailureReason.HostKeyChanged, error.Reason);
        Assert.Contains(server.KnownHosts + ":1", error.Message, StringComparison.Ordinal);
        Assert.Contains("ssh-keygen -R", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyOfAnotherTypeThanTheKnownOneIsNotShownToUs()
    {
        await using var server = await SshServer.StartAsync(
            "127.0.0.1", made => SshServer.Keygen("-t", "ecdsa", "-f", Path.Combine(made.Folder, "host2")),
            "HostKey @FOLDER@/host2");
        await File.WriteAllTextAsync(
            server.KnownHosts,
            $"[127.0.0.1]:{server.Port} {await File.ReadAllTextAsync(server.Folder + "/host2.pub", TestContext.Current.CancellationToken)}",
            TestContext.Current.CancellationToken);
        await ConnectAsync(server.Target);
    }

    [Theory]
    [InlineData("127.0.0.* {0}")]
    [InlineData("[127.0.0.*]:{1} {0}")]
    [InlineData("[*]:* {0}")]
    [InlineData("other,[127.0.0.1]:{1} {0}")]
    [InlineData("# edited\n\n  [127.0.0.1]:{1}   {0} a comment\r\n")]
    [InlineData("127.0.0.1 {0}")]
    public async Task PatternsAndEditedFilesAreUnderstood(string text)
    {
        await using var server = await SshServer.StartAsync();
        var key = string.Join(
            ' ', (await File.ReadAllTextAsync(server.HostKey + ".pub", TestContext.Current.CancellationToken)).Split(' ')[..2]);
        await File.WriteAllTextAsync(
            server.KnownHosts, string.Format(System.Globalization.CultureInfo.InvariantCulture, text, key, server.Port),
            TestContext.Current.CancellationToken);
        await ConnectAsync(server.Target);
    }

    [Fact]
    public async Task AHashedNameIsUnderstood()
    {
        await using var server = await SshServer.StartAsync();
        SshServer.RunTool("ssh-keygen", "-H", "-f", server.KnownHosts);
        await ConnectAsync(server.Target);
    }

    [Fact]
    public async Task AnAliasStandsForTheHost()
    {
        await using var server = await SshServer.StartAsync();
        await File.WriteAllTextAsync(
            server.KnownHosts,
            "web " + await File.ReadAllTextAsync(server.HostKey + ".pub", TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
        await ConnectAsync(server.Target with { HostKeyAlias = "web" });
    }

    [Fact]
    public async Task ARevokedKeyIsRefused()
    {
        await using var server = await SshServer.StartAsync();
        var key = await File.ReadAllTextAsync(server.HostKey + ".pub", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(server.KnownHosts, "@revoked * " + key, TestContext.Current.CancellationToken);
        Assert.Contains("revoked", (await FailAsync(server.Target)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AListOfRevokedKeysCounts()
    {
        await using var server = await SshServer.StartAsync();
        Assert.Contains(
            "revoked", (await FailAsync(server.Target with { RevokedHostKeysFiles = [server.HostKey + ".pub"] })).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("another", false)]
    public async Task ACertificateOfAKnownAuthorityIsTrustedForItsHosts(string principal, bool trusted)
    {
        var authority = "";
        await using var server = await SshServer.StartAsync("127.0.0.1", made =>
        {
            authority = made.Key("authority");
            SshServer.Keygen("-s", authority, "-h", "-I", "host", "-n", principal, made.HostKey + ".pub");
        }, "HostCertificate @FOLDER@/host-cert.pub");
        await File.WriteAllTextAsync(
            server.KnownHosts,
            $"@cert-authority [127.0.0.1]:{server.Port} " +
            $"{await File.ReadAllTextAsync(authority + ".pub", TestContext.Current.CancellationToken)}",
            TestContext.Current.CancellationToken);
        if (trusted)
        {
            await ConnectAsync(server.Target);
            return;
        }

        var error = await FailAsync(server.Target);
        Assert.Equal(SshFailureReason.HostKeyUnknown, error.Reason);
        Assert.Contains("Its certificate is for another.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExpiredCertificateIsNamedWherePlainKeysDecide()
    {
        var authority = "";
        await using var server = await SshServer.StartAsync("127.0.0.1", made =>
        {
            authority = made.Key("authority");
            SshServer.Keygen("-s", authority, "-h", "-I", "host", "-n", "127.0.0.1", "-V", "20200101:20200102", made.HostKey + ".pub");
        }, "HostCertificate @FOLDER@/host-cert.pub");
        await File.WriteAllTextAsync(
            server.KnownHosts,
            $"@cert-authority * {await File.ReadAllTextAsync(authority + ".pub", TestContext.Current.CancellationToken)}",
            TestContext.Current.CancellationToken);
        var error = await FailAsync(server.Target);
        Assert.Equal(SshFailureReason.HostKeyUnknown, error.Reason);
        Assert.Contains("It has a certificate, which expired on 2020-01-0", error.Message, StringComparison.Ordinal);
        await ConnectAsync(server.Target, new ScriptedInteraction { TrustsKeys = true });
        await ConnectAsync(server.Target);
    }

    [Fact]
    public async Task AFileThatCannotBeWrittenDoesNotStopAConnectionThatIsTrusted()
    {
        await using var server = await SshServer.StartAsync();
        // A directory, and where nobody can write.
        foreach (var file in new[] { server.Folder, "/proc/known_hosts" })
        {
            var told = new ScriptedInteraction();
            var connector = new SshConnector();
            var target = server.Target with { UserKnownHostsFiles = [file], HostKeyChecking = StrictHostKeyChecking.AcceptNew };
            for (var i = 0; i < 2; i++) await (await connector.ConnectAsync(target, told, TestContext.Current.CancellationToken))
                .DisposeAsync();
            var warning = Assert.Single(told.Warnings);
            Assert.Contains("this session only", warning, StringComparison.Ordinal);
            Assert.Contains(file, warning, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OnlyAFileThatAnotherHasIsWaitedFor()
    {
        // Whoever waits notices that he is not to.
        var error = await Assert.ThrowsAsync<SshClientException>(() =>
            KnownHostsWriter.AddAsync("/tmp/" + new string('x', 300), "line", new CancellationToken(true)));
        Assert.Equal(SshFailureReason.FileUnavailable, error.Reason);
    }

    [Fact]
    public async Task AFileThatCannotBeReadKnowsNobodyAndIsNamed()
    {
        await using var server = await SshServer.StartAsync();
        // The process's memory is a file that is there and cannot be read at its start.
        var error = await FailAsync(server.Target with { UserKnownHostsFiles = ["/proc/self/mem"] });
        Assert.Equal(SshFailureReason.HostKeyUnknown, error.Reason);
        Assert.Contains("/proc/self/mem cannot be read", error.Message, StringComparison.Ordinal);
        await ConnectAsync(server.Target with { GlobalKnownHostsFiles = ["/proc/self/mem"] });
    }

    [Fact]
    public async Task TheSecondFileIsReadAndTheFirstIsWritten()
    {
        await using var server = await SshServer.StartAsync();
        var first = Path.Combine(server.Folder, "new", "known_hosts");
        await ConnectAsync(
            server.Target with { UserKnownHostsFiles = [first, server.KnownHosts], HostKeyChecking = StrictHostKeyChecking.Yes });
        Assert.False(File.Exists(first));
        await ConnectAsync(server.Target with { UserKnownHostsFiles = [first], HostKeyChecking = StrictHostKeyChecking.AcceptNew });
        Assert.Equal("600 700", SshServer.RunTool("stat", "-c", "%a", first, Path.GetDirectoryName(first)!).ReplaceLineEndings(" ").Trim());
    }

    [Fact]
    public async Task ManyWhoAddHostsAtOnceLoseNoLine()
    {
        var folder = Directory.CreateTempSubdirectory("kamal-ssh-").FullName;
        try
        {
            var file = Path.Combine(folder, "known_hosts");
            await File.WriteAllTextAsync(file, "edited by hand", TestContext.Current.CancellationToken);
            await Task.WhenAll(Enumerable.Range(0, 60)
                .Select(i => KnownHostsWriter.AddAsync(file, $"web{i} ssh-ed25519 AAAA", TestContext.Current.CancellationToken)));
            var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(61, lines.Length);
            Assert.Equal(Enumerable.Range(0, 60).Select(i => $"web{i} ssh-ed25519 AAAA").Order(), lines.Skip(1).Order());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void KnownHostsThatNeverEndAreReadWithinBounds()
    {
        var folder = Directory.CreateTempSubdirectory("kamal-ssh-").FullName;
        try
        {
            var pipe = Path.Combine(folder, "known_hosts");
            SshServer.RunTool("mkfifo", pipe);
            List<string> told = [];
            KnownHosts.Load([pipe, "/dev/zero"], told.Add);
            Assert.Contains("named pipe", told[0], StringComparison.Ordinal);
            // A busy machine reaches the limit of time before that of size.
            Assert.Matches("^/dev/zero .*(larger than 64 MiB|within 1.5 s)", told[1]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task AHostMayHaveAnIpv6Address()
    {
        await using var server = await SshServer.StartAsync("::1", prepare: null);
        await ConnectAsync(server.Target);
    }

    private static async Task ReplaceKeyAsync(SshServer server)
    {
        await server.StopAsync();
        File.Delete(server.HostKey);
        File.Delete(server.HostKey + ".pub");
        SshServer.Keygen("-t", "ed25519", "-f", server.HostKey);
        server.Run();
    }

    private static async Task ConnectAsync(SshTarget target, ISshInteraction? interaction = null)
    {
        await using var connection = await SshConnectionTests.ConnectAsync(target, interaction);
        Assert.True(connection.IsConnected);
    }

    private static Task<SshClientException> FailAsync(SshTarget target, ISshInteraction? interaction = null) =>
        Assert.ThrowsAsync<SshClientException>(() => SshConnectionTests.ConnectAsync(target, interaction));
}
