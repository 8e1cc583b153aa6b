using System.Diagnostics;
using System.Globalization;
using Kamal.Ssh.HostKeys;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Connecting;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Ssh.Tests.HostKeys;

/// <summary>Whether we connect, and if not why, against what the real <c>ssh</c> does with the same known_hosts at the same sshd.</summary>
[Trait("Category", "Linux")]
public sealed class SshTrustDifferentialTests
{
    private const string Trusted = "trusted", Unknown = "unknown", Changed = "changed", Revoked = "revoked";

    /// <summary>
    /// Files: <c>KEY</c> is the host's ed25519 key, <c>ECDSA</c> its other one, <c>OTHER</c> an ed25519 key that it does not have,
    /// <c>CA</c> the authority of its certificate, <c>HOST</c> its address with the port, <c>PORT</c> the port, <c>HASH</c> its
    /// hashed name.
    /// </summary>
    private static readonly string[] Files =
    [
        "", "HOST KEY", "HOST OTHER", "HOST OTHER\nHOST KEY", "HOST KEY\nHOST OTHER", "HOST ECDSA", "HOST KEY\nHOST ECDSA",
        "127.0.0.1 KEY", "127.0.0.1 OTHER", "127.0.0.1 KEY\nHOST OTHER", "127.0.0.1 OTHER\nHOST KEY", "127.0.0.1 ECDSA",
        "[127.0.0.1]:1 KEY", "[127.0.0.*]:PORT KEY", "[*]:PORT KEY", "* KEY", "*,!HOST KEY", "!HOST KEY", "web1,HOST,10.0.0.7 KEY",
        "HASH KEY", "HASH OTHER", "@revoked HASH KEY", "@revoked HASH KEY\nHOST KEY", "HOST KEY\n@revoked * KEY",
        "@revoked * OTHER\nHOST KEY", "@revoked 127.0.0.1 KEY\nHOST KEY",
        "@revoked * KEY", "@REVOKED * KEY\nHOST KEY", "@cert-authority HOST KEY", "@cert-authority HOST KEY\nHOST OTHER",
        "HOST KEY a comment", "HOST\tKEY\t\tcomment with words", "  HOST KEY", "HOST KEY\r\n", "# comment\r\n\r\nHOST KEY\r\n",
        "#HOST KEY", "HOST KEY\nHOST KEY\nHOST KEY",
        "HOST ssh-future AAAACnNzaC1mdXR1cmUAAAAEYWJjZA==", "HOST ssh-future AAAACnNzaC1mdXR1cmUAAAAEYWJjZA==\nHOST KEY",
        "HOST ssh-ed25519 AAAA", "HOST ssh-ed25519", "HOST", "HOST 1024 35 1234567890",
        "HOST 256 KEY", "garbage\n\0\u0001\nHOST KEY", "LONG\nHOST KEY", "LONG,HOST KEY", "host KEY\nHOST KEY",
    ];

    private static readonly string[] FilesForCertificates =
    [
        "@cert-authority HOST CA", "@cert-authority * CA", "@cert-authority 127.0.0.1 CA", "@cert-authority 127.0.0.* CA",
        "@cert-authority HASH CA", "@cert-authority other CA", "@cert-authority HOST OTHER",
        "HOST CA", "HOST KEY", "HOST OTHER", "@cert-authority HOST CA\n@revoked * CA", "@cert-authority HOST CA\n@revoked * KEY",
        "@cert-authority HOST CA\nHOST OTHER", "@cert-authority HOST OTHER\nHOST KEY",
        "@cert-authority 127.0.0.1 CA\nHOST OTHER", "",
    ];

    [Fact]
    public async Task PlainKeysAreTrustedWhereSshTrustsThem()
    {
        await using var server = await SshServer.StartAsync(
            "127.0.0.1", made => SshServer.Keygen("-t", "ecdsa", "-f", Path.Combine(made.Folder, "ecdsa")),
            "HostKey @FOLDER@/ecdsa");
        await CompareAsync(server, Files);
    }

    [Fact]
    public async Task PlainKeysOfOneTypeAreTrustedWhereSshTrustsThem()
    {
        await using var server = await SshServer.StartAsync(
            "127.0.0.1", made => SshServer.Keygen("-t", "ecdsa", "-f", Path.Combine(made.Folder, "ecdsa")));
        await CompareAsync(server, [.. Files.Where(text => text.Contains("ECDSA", StringComparison.Ordinal))]);
    }

    [Theory]
    [InlineData("-n", "127.0.0.1")]
    [InlineData("-n", "web1,127.0.0.*")]
    [InlineData("-n", "another")]
    [InlineData("-V", "20200101:20200102", "-n", "127.0.0.1")]
    [InlineData("-V", "+1d:+2d", "-n", "127.0.0.1")]
    [InlineData("-O", "critical:future=1", "-n", "127.0.0.1")]
    [InlineData]
    public async Task CertificatesAreTrustedWhereSshTrustsThem(params string[] arguments)
    {
        await using var server = await SshServer.StartAsync("127.0.0.1", made =>
            SshServer.Keygen(
                [
                    "-s", made.Key(
                        "authority"), "-h", "-I", "host", .. arguments, made.HostKey + ".pub"]), "HostCertificate @FOLDER@/host-cert.pub");
        // The files matter with a certificate that is valid; with others, those that would trust it.
        await CompareAsync(server, arguments is ["-n", "127.0.0.1"] or [] ? FilesForCertificates
            : FilesForCertificates.Where(text => text.StartsWith("@cert-authority", StringComparison.Ordinal)).Take(6));
    }

    private static async Task CompareAsync(SshServer server, IEnumerable<string> files)
    {
        var other = server.Key("other");
        List<string> differences = [];
        foreach (var text in files)
        {
            await File.WriteAllTextAsync(server.KnownHosts, Fill(text, server, other), TestContext.Current.CancellationToken);
            var (theirs, words) = AskSsh(server);
            var ours = await TryAsync(server.Target with { HostKeyChecking = StrictHostKeyChecking.Yes });
            if (theirs != ours) differences.Add($"{text.ReplaceLineEndings("\\n")}: ssh {theirs}, we {ours}; {words}");
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    private static string Fill(string text, SshServer server, string other)
    {
        var name = $"[127.0.0.1]:{server.Port}";
        return text.Replace("HOST", name, StringComparison.Ordinal)
            .Replace("HASH", KnownHostsEntry.Hash(name, "12345678901234567890"u8), StringComparison.Ordinal)
            .Replace("PORT", server.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("LONG", string.Join(',', Enumerable.Range(0, 5000).Select(i => $"h{i}")), StringComparison.Ordinal)
            .Replace("ECDSA", Public("ecdsa"), StringComparison.Ordinal)
                .Replace("OTHER", Public(Path.GetFileName(other)), StringComparison.Ordinal)
            .Replace("KEY", Public("host"), StringComparison.Ordinal).Replace("CA", Public("authority"), StringComparison.Ordinal);

        string Public(string file) =>
            File.Exists(Path.Combine(server.Folder, file + ".pub"))
                ? string.Join(' ', File.ReadAllText(Path.Combine(server.Folder, file + ".pub")).Split(' ')[..2])
                : file;
    }

    private static (string Verdict, string Words) AskSsh(SshServer server)
    {
        string[] arguments =
        [
            // The default exchange would take a tenth of a second of each side.
            "-F", "none", "-o", "KexAlgorithms=curve25519-sha256", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o",
            $"UserKnownHostsFile={server.KnownHosts}", "-o", "GlobalKnownHostsFile=none", "-o", "IdentitiesOnly=yes",
            "-i", server.UserKey, "-p", server.Port.ToString(CultureInfo.InvariantCulture), $"{Environment.UserName}@127.0.0.1", "true",
        ];
        using var process = Process.Start(
            new ProcessStartInfo("ssh", arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
            })!;
        process.StandardInput.Close();
        var words = process.StandardError.ReadToEnd();
        process.WaitForExit();
        var verdict = process.ExitCode == 0 ? Trusted
            : words.Contains("REVOKED HOST KEY", StringComparison.Ordinal) ? Revoked
            : words.Contains("IDENTIFICATION HAS CHANGED", StringComparison.Ordinal) ? Changed
            : words.Contains("host key is known", StringComparison.Ordinal) ? Unknown : "?";
        return (verdict, words.ReplaceLineEndings(" "));
    }

    private static async Task<string> TryAsync(SshTarget target)
    {
        try
        {
            await (await SshConnectionTests.ConnectAsync(target)).DisposeAsync();
            return Trusted;
        }
        catch (SshClientException error)
        {
            return error.Reason == SshFailureReason.HostKeyUnknown
                ? Unknown
                : error.Reason != SshFailureReason.HostKeyChanged
                ? $"{error.Reason}: {error.Message}"
                : error.Message.Contains("revoked", StringComparison.Ordinal)
                ? Revoked
                : Changed;
        }
    }
}
