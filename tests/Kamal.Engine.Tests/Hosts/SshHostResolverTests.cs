using Kamal.Adapters;
using Kamal.Adapters.Ssh;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Ssh;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Hosts;

/// <summary>What deploy.yml, a credential and a run's switches become for the SSH client, and what its errors become for users.</summary>
[Trait("Category", "Linux")]
public sealed class SshHostResolverTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_any_setting_a_host_is_roots()
    {
        var target = await ResolveAsync("web1", new() { UseConfigFiles = false });
        Assert.Equal(("web1", "root@web1:22", null, true), (target.Name, target.Address, target.Jump, target.IsKeptAlive));
    }

    [Theory]
    [InlineData("bastion", "root@bastion")]
    [InlineData("ops@bastion:2200", "ops@bastion:2200")]
    [InlineData(null, null)]
    public void The_proxy_is_a_jump_host_whose_account_is_root(string? proxy, string? expected) =>
        Assert.Equal(expected, Settings(new() { Proxy = proxy }).ProxyJump);

    [Fact]
    public async Task Key_data_names_secrets_or_is_the_key()
    {
        var keys = await Settings(new() { KeyData = ["SSH_KEY", "-----BEGIN OPENSSH PRIVATE KEY-----\nx"] }).KeyTexts!(Token);
        Assert.Equal(("key_data[0]", FixedSecrets.Mark + "ssh_key"), (keys[0].Name, keys[0].Text.Reveal()));
        Assert.Equal("key_data[1]", keys[1].Name);
        Assert.StartsWith("-----BEGIN", keys[1].Text.Reveal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_and_switches_are_passed_on()
    {
        var settings = Settings(new() { Keys = ["keys/deploy"], KeysOnly = true, ForwardAgent = true, Port = 24, ConfigFiles = ["mine"] });
        Assert.Equal(["keys/deploy"], settings.IdentityFiles!.Value);
        Assert.Equal(["mine"], settings.ConfigFiles!.Value);
        Assert.Equal(
            (true, true, 24, "/project", "root"),
            (settings.IdentitiesOnly, settings.ForwardAgent, settings.Port, settings.Directory, settings.DefaultUser));
        Assert.Empty(Settings(new() { UseConfigFiles = false }).ConfigFiles!.Value);
        Assert.Null(Settings(new()).ConfigFiles);
        Assert.Null(Settings(new()).KeyTexts);
    }

    [Fact]
    public void A_credential_goes_over_the_configured_account()
    {
        var settings = SshHostResolver.Settings(
            Access(new() { User = "deploy" }) with { Credential = new("bob", new("secret")), AcceptNewHostKeys = true });
        Assert.Equal(
            ("bob", "bob", "secret", true),
            (settings.User, settings.PasswordUser, settings.Password!.Reveal(), settings.AcceptNewHostKeys));
    }

    [Fact]
    public async Task An_account_that_ssh_would_refuse_is_refused()
    {
        var resolver = new AdapterFactory().CreateHostResolver(Access(new()) with { Credential = new("-oProxyCommand=x", null) });
        var error = await Assert.ThrowsAsync<KamalException>(() => resolver.ResolveAsync("web1", Token).AsTask());
        Assert.Equal(KamalErrorId.ArgumentInvalid, error.Id);
    }

    [Fact]
    public async Task An_invalid_host_is_the_configurations_error()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() => ResolveAsync("web1:70000", new()));
        Assert.Equal(KamalErrorId.ConfigurationInvalid, error.Id);
        Assert.Contains("user@host:port", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recommendations_name_switches_and_keys_of_Kamal()
    {
        await using var server = await SshServer.StartAsync("PermitRootLogin no");
        var login = await FailAsync(server.Target with { User = "root" });
        Assert.Equal((KamalErrorId.AuthenticationFailed, "web1"), (login.Id, login.HostName));
        Assert.Contains("Name a key under ssh/keys in deploy.yml", login.Recommendation, StringComparison.Ordinal);
        Assert.Contains("give -Credential", login.Recommendation, StringComparison.Ordinal);
        Assert.Contains("under ssh/user", login.Recommendation, StringComparison.Ordinal);

        File.Delete(server.KnownHosts);
        var unknown = await FailAsync(server.Target);
        Assert.Equal(KamalErrorId.HostKeyUnknown, unknown.Id);
        Assert.Contains("or run again with -AcceptNewHostKey (--accept-new-host-key): ", unknown.Recommendation, StringComparison.Ordinal);

        var nowhere = await FailAsync(new("web1", "nowhere.invalid", 22, "root") { DnsRetries = 0 });
        Assert.Equal(KamalErrorId.ConnectionFailed, nowhere.Id);
        Assert.Contains("Check the spelling in deploy.yml", nowhere.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_has_the_error_id_of_its_name_and_ways_not_to_connect_share_one()
    {
        var ids = Enum.GetValues<SshFailureReason>().Select(reason => SshErrors.Translate(new(reason, "x")).Id).ToList();
        Assert.Equal(
            Enum.GetNames<SshFailureReason>().Select(name => name is "NameUnknown" or "Refused" or "Unreachable" ? "ConnectionFailed" : name),
            ids.Select(id => id.ToString()));
    }

    private static SshSettings Settings(SshConfiguration ssh) => SshHostResolver.Settings(Access(ssh));

    private static HostAccess Access(SshConfiguration ssh) =>
        new(
        new()
        {
            Service = "app",
            Image = "app",
            Registry = new(),
            ProjectDirectory = "/project",
            ConfigFile = "config/deploy.yml",
            Ssh = ssh,
        },
        new FixedSecrets());

    private static async Task<HostTarget> ResolveAsync(string host, SshConfiguration ssh) =>
        await new AdapterFactory().CreateHostResolver(Access(ssh)).ResolveAsync(host, Token);

    private static Task<KamalException> FailAsync(SshTarget target) =>
        Assert.ThrowsAsync<KamalException>(() =>
            new SshHostConnector().ConnectAsync(SshHostTarget.Of(target), new ScriptedInteraction(), Token));
}
