using System.Security.Cryptography;

namespace Kamal.Testing;

/// <summary>An account of this machine with a password, for as long as a test lasts. Skips the test where none can be made.</summary>
internal sealed class TestAccount : IAsyncDisposable
{
    private TestAccount(string name, string password) => (Name, Password) = (name, password);

    public string Name { get; }

    public string Password { get; }

    public static TestAccount Create()
    {
        Xunit.Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/usr/sbin/useradd"), "Only root can add an account.");
        var account = new TestAccount(
            "kamal-" + RandomNumberGenerator.GetHexString(8, lowercase: true), RandomNumberGenerator.GetHexString(16));
        var hash = SshServer.RunTool("openssl", "passwd", "-6", account.Password).Trim();
        SshServer.RunTool("/usr/sbin/useradd", "-M", "-d", "/tmp", "-s", "/bin/sh", "-p", hash, account.Name);
        return account;
    }

    public ValueTask DisposeAsync()
    {
        SshServer.RunTool("/usr/sbin/userdel", "-f", Name);
        return ValueTask.CompletedTask;
    }
}
