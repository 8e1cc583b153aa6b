using System.Security.Cryptography;
using Kamal.Ssh.HostKeys;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Ssh.Tests.HostKeys;

/// <summary>Files of known hosts that cannot be read for a moment, as while a virus scanner or a backup has them on Windows.</summary>
public sealed class LockedKnownHostsTests : IDisposable
{
    private const int SharingViolation = unchecked((int)0x80070020);
    private static readonly byte[] Key = Ed25519(1);
    private static readonly byte[] Another = Ed25519(2);
    private readonly string _file = Path.GetTempFileName();

    private SshTarget Target =>
        new("web1", "192.0.2.1", 22, "root") { UserKnownHostsFiles = [_file], HostKeyChecking = StrictHostKeyChecking.AcceptNew };

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void AFileThatAnotherProgramHasIsReadAMomentLater()
    {
        var checker = Checker(
            KnownHostsWriter.Line("192.0.2.1", Another, hash: false), new IOException("", SharingViolation),
            new IOException("", SharingViolation));
        Assert.Equal(HostKeyVerdict.Changed, checker.Decide(Target, Key, null));
    }

    [Fact]
    public void AReadThatFailedIsNotRemembered()
    {
        var checker = Checker(KnownHostsWriter.Line("192.0.2.1", Another, hash: false), new IOException("broken"));
        Assert.Equal(HostKeyVerdict.Unknown, checker.Decide(Target, Key, null));
        Assert.Equal(HostKeyVerdict.Changed, checker.Decide(Target, Key, null));
    }

    [Fact]
    public async Task AChangedKeyIsRefusedThoughItSeemedNewAtFirst()
    {
        var checker = Checker(KnownHostsWriter.Line("192.0.2.1", Another, hash: false), new IOException("broken"));
        Assert.Equal(HostKeyVerdict.Unknown, checker.Decide(Target, Key, null));
        var error = await AskAsync(checker);
        Assert.Equal(SshFailureReason.HostKeyChanged, error.Reason);
    }

    [Fact]
    public async Task NoKeyIsNewWhileAFileCannotBeRead()
    {
        var error = await AskAsync(new HostKeyChecker(new(), _ => throw new IOException("broken")));
        Assert.Equal(SshFailureReason.HostKeyUnknown, error.Reason);
        Assert.Contains($"{_file} cannot be read: broken", error.Message, StringComparison.Ordinal);
        Assert.Equal("", await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken));
    }

    private Task<SshClientException> AskAsync(HostKeyChecker checker) =>
        Assert.ThrowsAsync<SshClientException>(() =>
            checker.AskAsync(Target, Key, null, new ScriptedInteraction(), TestContext.Current.CancellationToken));

    private static HostKeyChecker Checker(string text, params IOException[] first)
    {
        var failures = new Queue<IOException>(first);
        return new(new(), _ => failures.TryDequeue(out var failure) ? throw failure : text);
    }

    private static byte[] Ed25519(byte seed) => [0, 0, 0, 11, .. "ssh-ed25519"u8, 0, 0, 0, 32, .. SHA256.HashData([seed])];
}
