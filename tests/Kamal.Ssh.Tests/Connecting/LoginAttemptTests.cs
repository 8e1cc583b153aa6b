using System.Security.Cryptography;
using Kamal.Ssh.Authentication;
using Kamal.Ssh.Connecting;
using Kamal.Ssh.HostKeys;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Support;
using Kamal.Ssh.Transport;
using Xunit;

namespace Kamal.Ssh.Tests.Connecting;

public sealed class LoginAttemptTests
{
    public static TheoryData<Exception> OfThePlatform =>
        [new CryptographicException("no such curve"), new PlatformNotSupportedException("no such curve")];

    [Theory]
    [MemberData(nameof(OfThePlatform))]
    public async Task WhatTheSystemsCryptographyLacksIsThatHostsConnectionError(Exception failure)
    {
        var target = new SshTarget("web1", "127.0.0.1", 22, "root");
        await using var route = await Route.DirectAsync(target, new(), TestContext.Current.CancellationToken);
        var attempt = new LoginAttempt(
            target, route, new KeyStore(), new HostKeyChecker(new()), new(), new ScriptedInteraction(), certificates: false);
        var error = Assert.IsType<SshClientException>(attempt.Explain(failure, CancellationToken.None));
        Assert.Equal((SshFailureReason.ConnectionFailed, "web1"), (error.Reason, error.HostName));
        Assert.Contains("no such curve", error.Message, StringComparison.Ordinal);
        Assert.Contains("KexAlgorithms", error.Recommendation, StringComparison.Ordinal);
    }
}
