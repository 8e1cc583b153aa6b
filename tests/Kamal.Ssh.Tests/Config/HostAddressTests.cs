using Kamal.Ssh.Config;
using Kamal.Ssh.HostKeys;
using Xunit;

namespace Kamal.Ssh.Tests.Config;

/// <summary>
/// Names that a shell, an option parser or known_hosts would make something of reach none of them (valid_hostname and valid_ruser
/// in OpenSSH).
/// </summary>
public sealed class HostNameTests
{
    [Theory]
    [InlineData("x$(./evil.sh)")]
    [InlineData("x`./evil.sh`")]
    [InlineData("x;evil")]
    [InlineData("x|evil")]
    [InlineData("x&evil")]
    [InlineData("x>evil")]
    [InlineData("x'")]
    [InlineData("x\"")]
    [InlineData("x\\")]
    [InlineData("x{a,b}")]
    [InlineData("-oProxyCommand=evil")]
    [InlineData("me@-oProxyCommand=evil")]
    [InlineData("-lroot@web1")]
    [InlineData("me$(evil)@web1")]
    [InlineData("me`evil`@web1")]
    [InlineData("me;evil@web1")]
    [InlineData("127.0.0.1,*")]
    [InlineData("*")]
    [InlineData("web?")]
    [InlineData("!web1")]
    [InlineData("#web1")]
    [InlineData("web1 web2")]
    [InlineData("web1\nweb2")]
    [InlineData("web1\u001b[2J")]
    [InlineData("[::1,*]:22")]
    [InlineData("ssh://me@x$(evil)")]
    public void IsRefused(string host) =>
        Assert.Equal(SshFailureReason.ConfigurationInvalid, Assert.Throws<SshClientException>(() => HostAddress.Parse(host)).Reason);

    [Theory]
    [InlineData("web1", "web1", null, null)]
    [InlineData("web_1.example.com", "web_1.example.com", null, null)]
    [InlineData("me@web1:2222", "web1", "me", 2222)]
    [InlineData("DOMAIN\\me@web1", "web1", "DOMAIN\\me", null)]
    [InlineData("me@corp.example.com@web1", "web1", "me@corp.example.com", null)]
    [InlineData("fe80::1%eth0", "fe80::1%eth0", null, null)]
    [InlineData("me@[2001:db8::1]:22", "2001:db8::1", "me", 22)]
    public void IsTaken(string text, string host, string? user, int? port) =>
        Assert.Equal(new HostAddress(host, user, port), HostAddress.Parse(text));

    [Theory]
    [InlineData("127.0.0.1,*")]
    [InlineData("*.example.com")]
    [InlineData("!web1")]
    [InlineData("a b")]
    public void IsNoLineOfKnownHosts(string name) =>
        Assert.Throws<ArgumentException>(() => KnownHostsWriter.Line(name, new byte[20], hash: false));
}
