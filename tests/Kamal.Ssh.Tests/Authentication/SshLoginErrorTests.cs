using Kamal.Ssh.Connecting;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Connecting;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Ssh.Tests.Authentication;

/// <summary>What an operator reads when a login fails, against a real sshd: who, what was tried, what to do.</summary>
[Trait("Category", "Linux")]
public sealed class SshLoginErrorTests
{
    [Fact]
    public async Task TooManyKeysOfAnAgentAreNamedAndSoIsTheRemedy()
    {
        await using var server = await SshServer.StartAsync();
        using var agent = new SshAgentProcess(server.Folder);
        for (var i = 0; i < 8; i++) agent.Add(server.Key($"another{i}"));
        agent.Add(server.UserKey);
        var error = await FailAsync(server.Target with { IdentityFiles = [], IdentitiesOnly = false, IdentityAgent = agent.Address });
        Assert.Equal((SshFailureReason.AuthenticationFailed, "web1"), (error.Reason, error.HostName));
        Assert.Contains("the agent's key", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxAuthTries", error.Message, StringComparison.Ordinal);
        Assert.Contains("IdentitiesOnly yes", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a key")]
    [InlineData("")]
    [
        InlineData(
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAASg==\n-----END OPENSSH " +
            "PRIVATE KEY-----\n")]
    public async Task AFileThatIsNoKeyIsPassedOverAndNamed(string text)
    {
        await using var server = await SshServer.StartAsync();
        var file = Path.Combine(server.Folder, "id_dsa");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        SshServer.RunTool("chmod", "600", file);
        await LogInAsync(server.Target with { IdentityFiles = [file, server.UserKey] });
        var error = await FailAsync(server.Target with { IdentityFiles = [file] });
        Assert.Equal((SshFailureReason.AuthenticationFailed, "web1"), (error.Reason, error.HostName));
        Assert.Contains($"{file} is not a private key that can be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKindOfKeyThatIsNotSupportedIsPassedOver()
    {
        await using var server = await SshServer.StartAsync();
        await LogInAsync(server.Target with { IdentityFiles = [server.AddKey("dsa"), server.UserKey] });
    }

    [Fact]
    public async Task ASecretThatIsNoKeyIsNamedWithoutItsText()
    {
        await using var server = await SshServer.StartAsync();
        var error = await FailAsync(server.Target with { IdentityFiles = [], KeyTexts = [new("key_data[0]", new("hunter2"))] });
        Assert.Equal((SshFailureReason.AuthenticationFailed, "web1"), (error.Reason, error.HostName));
        Assert.Contains("key_data[0] is not a private key", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASecretMayHoldItsKeyInOneLine()
    {
        await using var server = await SshServer.StartAsync();
        var key = (await File.ReadAllTextAsync(server.UserKey, TestContext.Current.CancellationToken))
            .Replace("\n", "\\n", StringComparison.Ordinal);
        await LogInAsync(server.Target with { IdentityFiles = [], KeyTexts = [new("key_data[0]", new(key))] });
    }

    [Theory]
    [InlineData(null, "its passphrase was not given")]
    [InlineData("wrong", "its passphrase was wrong")]
    public async Task AKeyThatStaysLockedSaysWhyAndTheNextCommandAsksAgain(string? answer, string words)
    {
        await using var server = await SshServer.StartAsync();
        var target = server.Target with { IdentityFiles = [server.AddKey("ed25519", "-N", "open sesame")] };
        var connector = new SshConnector();
        var asked = new ScriptedInteraction { Secret = _ => answer };
        foreach (var name in new[] { "web1", "web2" })
        {
            var error = await Assert.ThrowsAsync<SshClientException>(() =>
                connector.ConnectAsync(target with { Name = name }, asked, TestContext.Current.CancellationToken));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(answer is null ? 1 : 3, asked.Asked.Count);
        await (
            await connector.ConnectAsync(
                target, new ScriptedInteraction { Secret = _ => "open sesame" }, TestContext.Current.CancellationToken)).DisposeAsync();
    }

    [Fact]
    public async Task NobodyIsAskedWhereNobodyIsThere()
    {
        await using var account = TestAccount.Create();
        await using var server = await SshServer.StartAsync("PasswordAuthentication yes", "KbdInteractiveAuthentication yes", "UsePAM yes");
        var asked = new ScriptedInteraction { Secret = _ => "open sesame" };
        var target = server.Target with { IdentityFiles = [server.AddKey("ed25519", "-N", "open sesame")], PasswordPrompts = 0 };
        var error = await Assert.ThrowsAsync<SshClientException>(() => SshConnectionTests.ConnectAsync(target, asked));
        Assert.Empty(asked.Asked);
        Assert.Contains("its passphrase was not given", error.Message, StringComparison.Ordinal);
        await LogInAsync(target with { User = account.Name, Password = new SshSecret(account.Password) });
    }

    [Fact]
    public async Task AKeyWithoutAPublicPartIsAskedForOnceToo()
    {
        await using var server = await SshServer.StartAsync();
        var key = server.AddKey("rsa", "-m", "PEM", "-N", "open sesame");
        File.Delete(key + ".pub");
        var connector = new SshConnector();
        var asked = new ScriptedInteraction();
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<SshClientException>(() =>
                connector.ConnectAsync(server.Target with { IdentityFiles = [key] }, asked, TestContext.Current.CancellationToken));
            Assert.Contains($"{key}: its passphrase was not given", error.Message, StringComparison.Ordinal);
        }

        Assert.Single(asked.Asked);
        await (
            await connector.ConnectAsync(
                server.Target with { IdentityFiles = [key] }, new ScriptedInteraction { Secret = _ => "open sesame" },
                TestContext.Current.CancellationToken)).DisposeAsync();
    }

    [Fact]
    public async Task AnExpiredCertificateIsSaidToBeSo()
    {
        await using var server = await SshServer.StartAsync();
        var authority = server.Key("authority");
        await File.WriteAllTextAsync(
            Path.Combine(server.Folder, "authorized_keys"),
            $"cert-authority {await File.ReadAllTextAsync(authority + ".pub", TestContext.Current.CancellationToken)}",
            TestContext.Current.CancellationToken);
        SshServer.Keygen("-s", authority, "-I", "test", "-n", Environment.UserName, "-V", "20200101:20200102", server.UserKey + ".pub");
        var error = await FailAsync(server.Target);
        Assert.Contains("expired on 2020-01-0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password", "no password was given", "PasswordAuthentication yes")]
    [InlineData("keyboard-interactive", "the server's prompt 'Password", "KbdInteractiveAuthentication yes")]
    public async Task AServerThatTakesNoKeysSaysSo(string method, string words, string setting)
    {
        await using var account = TestAccount.Create();
        await using var server = await SshServer.StartAsync($"AuthenticationMethods {method}", setting, "UsePAM yes");
        var error = await FailAsync(server.Target with { User = account.Name });
        Assert.Contains($"accepts {method}", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("log in with a password", error.Recommendation, StringComparison.Ordinal);
        Assert.DoesNotContain("Name a key", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatLetsRootNotInIsThoughtOf()
    {
        await using var server = await SshServer.StartAsync("PermitRootLogin no");
        var error = await FailAsync(server.Target with { User = "root" });
        Assert.Contains("PermitRootLogin", error.Recommendation, StringComparison.Ordinal);
        Assert.Contains("User in ssh_config", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyOpenToOthersIsNotUsedAndItsModeIsNamed()
    {
        await using var server = await SshServer.StartAsync();
        var open = Path.Combine(server.Folder, "id_open");
        File.Copy(server.UserKey, open);
        SshServer.RunTool("chmod", "640", open);
        var error = await FailAsync(server.Target with { IdentityFiles = [open] });
        Assert.Contains($"{open} is not used", error.Message, StringComparison.Ordinal);
        Assert.Contains("unprotected private key file, mode 0640", error.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 '{open}'", error.Message, StringComparison.Ordinal);
        // As ssh does: others are tried all the same.
        await LogInAsync(server.Target with { IdentityFiles = [open, server.UserKey] });
        SshServer.RunTool("chmod", "600", open);
        await LogInAsync(server.Target with { IdentityFiles = [open] });
    }

    [Fact]
    public async Task ANarrowedChoiceOfAlgorithmsIsNeverWidened()
    {
        await using var server = await SshServer.StartAsync();
        var error = await FailAsync(server.Target with { Macs = "umac-64@openssh.com" });
        Assert.Equal((SshFailureReason.ConfigurationInvalid, "web1"), (error.Reason, error.HostName));
        Assert.Contains("MACs 'umac-64@openssh.com'", error.Message, StringComparison.Ordinal);
    }

    private static async Task LogInAsync(SshTarget target) => await (await SshConnectionTests.ConnectAsync(target)).DisposeAsync();

    private static Task<SshClientException> FailAsync(SshTarget target) =>
        Assert.ThrowsAsync<SshClientException>(() => SshConnectionTests.ConnectAsync(target));
}
