using Kamal.Ssh.Connecting;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Connecting;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Ssh.Tests.Authentication;

/// <summary>Every way to log in, against a real sshd.</summary>
[Trait("Category", "Linux")]
public sealed class SshLoginTests
{
    [Theory]
    [InlineData("ed25519", null)]
    [InlineData("ecdsa", null)]
    [InlineData("rsa", null)]
    [InlineData("rsa", "PEM")]
    [InlineData("ecdsa", "PKCS8")]
    public async Task AKeyFileLogsIn(string type, string? format)
    {
        await using var server = await SshServer.StartAsync();
        var key = server.AddKey(type, format is null ? [] : ["-m", format]);
        await LogInAsync(server.Target with { IdentityFiles = [key] });
    }

    [Fact]
    public async Task TheFirstKeysAreRefusedAndTheLastLogsIn()
    {
        await using var server = await SshServer.StartAsync();
        var wrong = server.Key("wrong");
        await LogInAsync(server.Target with { IdentityFiles = [Path.Combine(server.Folder, "none"), wrong, server.UserKey] });
    }

    [Fact]
    public async Task HowAConnectionIsMadeCanBeFollowed()
    {
        await using var account = TestAccount.Create();
        await using var server = await SshServer.StartAsync("PasswordAuthentication yes", "UsePAM yes");
        var wrong = server.Key("wrong");
        var follower = new ScriptedInteraction { IsTraced = true };
        await LogInAsync(
            server.Target with { User = account.Name, IdentityFiles = [wrong], Password = new SshSecret(account.Password) },
            follower);
        var told = string.Join("\n", follower.Traces);
        foreach (
            var words in new[]
            {
                $"web1: connecting to {account.Name}@127.0.0.1:",
                "Known",
                $"web1: trying {wrong}",
                "web1: trying the password",
                "key exchange",
                "Server version 'SSH-2.0-OpenSSH",
            })
        {
            Assert.Contains(words, told, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(account.Password, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoKeyThatFitsSaysWhatWasTried()
    {
        await using var server = await SshServer.StartAsync();
        var wrong = server.Key("wrong");
        var error = await Assert.ThrowsAsync<SshClientException>(() =>
            SshConnectionTests.ConnectAsync(server.Target with { IdentityFiles = ["/nowhere/id", wrong] }));
        Assert.Equal((SshFailureReason.AuthenticationFailed, "web1"), (error.Reason, error.HostName));
        Assert.Contains(wrong + " (ED25519 SHA256:", error.Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere/id does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("The server accepts publickey", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APassphraseIsAskedForOnceForAllHosts()
    {
        await using var server = await SshServer.StartAsync();
        var key = server.AddKey("ed25519", ["-N", "open sesame"]);
        var operatorAnswers = new ScriptedInteraction { Secret = _ => "open sesame" };
        var connector = new SshConnector();
        var connections = await Task.WhenAll(Enumerable.Range(1, 3).Select(i =>
            connector.ConnectAsync(
                server.Target with { Name = $"web{i}", IdentityFiles = [key] }, operatorAnswers,
                TestContext.Current.CancellationToken)));
        foreach (var connection in connections) await connection.DisposeAsync();
        Assert.Contains(key, Assert.Single(operatorAnswers.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APassphraseThatNobodyKnowsIsAClearError()
    {
        await using var server = await SshServer.StartAsync();
        var key = server.AddKey("ed25519", ["-N", "open sesame"]);
        var error = await Assert.ThrowsAsync<SshClientException>(() =>
            SshConnectionTests.ConnectAsync(server.Target with { IdentityFiles = [key] }));
        Assert.Equal(SshFailureReason.AuthenticationFailed, error.Reason);
        Assert.Contains("its passphrase was not given", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyFromASecretLogsIn()
    {
        await using var server = await SshServer.StartAsync();
        await LogInAsync(
            server.Target with
            {
                IdentityFiles = [],
                KeyTexts = [new("key_data[0]", new(await File.ReadAllTextAsync(server.UserKey, TestContext.Current.CancellationToken)))],
            });
    }

    [Theory]
    [InlineData("ed25519", "key")]
    [InlineData("ecdsa", "key")]
    [InlineData("rsa", "key")]
    [InlineData("ed25519", "elsewhere")]
    [InlineData("ed25519", "agent")]
    [InlineData("rsa", "agent")]
    public async Task ACertificateLogsInWhereOnlyItsAuthorityIsKnown(string type, string place)
    {
        var authority = "";
        await using var server = await SshServer.StartAsync("127.0.0.1", made =>
        {
            authority = made.Key("authority");
            File.WriteAllText(Path.Combine(made.Folder, "authorized_keys"), $"cert-authority {File.ReadAllText(authority + ".pub")}");
        });
        var key = Path.Combine(server.Folder, "certified");
        SshServer.Keygen("-t", type, "-f", key);
        SshServer.Keygen("-s", authority, "-I", "test", "-n", Environment.UserName, key + ".pub");
        var target = server.Target with { IdentityFiles = [key] };
        if (place == "elsewhere")
        {
            File.Move(key + "-cert.pub", Path.Combine(server.Folder, "passport"));
            target = target with { CertificateFiles = [Path.Combine(server.Folder, "passport")] };
        }

        using var agent = new SshAgentProcess(server.Folder);
        if (place == "agent")
        {
            // The agent holds both the key and its certificate; no file is left.
            agent.Add(key);
            foreach (var file in Directory.GetFiles(server.Folder, "certified*")) File.Delete(file);
            target = target with { IdentityFiles = [], IdentitiesOnly = false, IdentityAgent = agent.Address };
        }

        await LogInAsync(target);
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    public async Task TheAgentLogsIn(string type)
    {
        await using var server = await SshServer.StartAsync();
        using var agent = new SshAgentProcess(server.Folder);
        agent.Add(server.Key("another"));
        agent.Add(server.AddKey(type, []));
        await LogInAsync(server.Target with { IdentityFiles = [], IdentitiesOnly = false, IdentityAgent = agent.Address });
    }

    [Fact]
    public async Task APublicKeyFileNamesTheAgentsKey()
    {
        await using var server = await SshServer.StartAsync();
        using var agent = new SshAgentProcess(server.Folder);
        for (var i = 0; i < 8; i++) agent.Add(server.Key($"another{i}"));
        agent.Add(server.UserKey);
        File.Delete(server.UserKey);
        // Without IdentitiesOnly the server would end the connection at the sixth wrong key.
        await LogInAsync(server.Target with { IdentityFiles = [server.UserKey], IdentityAgent = agent.Address });
    }

    [Fact]
    public async Task AnAgentThatIsNotThereIsNamed()
    {
        await using var server = await SshServer.StartAsync();
        var error = await Assert.ThrowsAsync<SshClientException>(() =>
            SshConnectionTests.ConnectAsync(server.Target with { IdentityFiles = [], IdentityAgent = server.Folder + "/no.sock" }));
        Assert.Contains("no agent answers at " + server.Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APasswordLogsIn()
    {
        await using var account = TestAccount.Create();
        await using var server = await SshServer.StartAsync("PasswordAuthentication yes", "UsePAM yes");
        var target = server.Target with { User = account.Name, IdentityFiles = [], PreferredAuthentications = ["password"] };
        await LogInAsync(target with { Password = new SshSecret(account.Password) });
        var asked = new ScriptedInteraction { Secret = _ => account.Password };
        await LogInAsync(target, asked);
        Assert.Contains(account.Name, Assert.Single(asked.Asked), StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<SshClientException>(() =>
            SshConnectionTests.ConnectAsync(target with { Password = new SshSecret("wrong") }));
        Assert.Equal(SshFailureReason.AuthenticationFailed, error.Reason);
        Assert.DoesNotContain("wrong", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QuestionsOfTheServerAreAnswered()
    {
        await using var account = TestAccount.Create();
        await using var server = await SshServer.StartAsync("KbdInteractiveAuthentication yes", "UsePAM yes");
        var target = server.Target with { User = account.Name, IdentityFiles = [] };
        var asked = new ScriptedInteraction { Secret = _ => account.Password };
        await LogInAsync(target, asked);
        Assert.Contains("Password", Assert.Single(asked.Asked), StringComparison.Ordinal);
        await LogInAsync(target with { Password = new SshSecret(account.Password) });
    }

    [Fact]
    public async Task AKeyAndThenAPasswordLogInWhereBothAreWanted()
    {
        await using var account = TestAccount.Create();
        await using var server = await SshServer.StartAsync(
            "PasswordAuthentication yes", "UsePAM yes", "AuthenticationMethods publickey,password");
        // sshd reads the keys as the account.
        SshServer.RunTool("chmod", "755", server.Folder);
        await LogInAsync(server.Target with { User = account.Name, Password = new SshSecret(account.Password) });
    }

    private static async Task LogInAsync(SshTarget target, ISshInteraction? interaction = null)
    {
        await using var connection = await SshConnectionTests.ConnectAsync(target, interaction);
        await using var process = await connection.StartAsync("id -un", null, TestContext.Current.CancellationToken);
        Assert.Equal(target.User, (await SshConnectionTests.ReadAsync(process.Output)).Trim());
    }
}
