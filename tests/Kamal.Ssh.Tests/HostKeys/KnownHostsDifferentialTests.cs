using System.Diagnostics;
using System.Text;
using CsCheck;
using Kamal.Ssh.Config;
using Kamal.Ssh.HostKeys;
using Xunit;

namespace Kamal.Ssh.Tests.HostKeys;

/// <summary>Our reading of known_hosts against OpenSSH's own, <c>ssh-keygen -F</c>, and readers against whatever bytes there are.</summary>
[Trait("Category", "Linux")]
public sealed class KnownHostsDifferentialTests : IDisposable
{
    private static readonly string[] Names =
    [
        "web1", "WEB1", "web1,db1", "web*", "w?b1", "*", "!web1", "*,!web1", "web1,!db*", "[web1]:2222", "[web*]:*", "[*]:22",
        "10.0.0.7", "fd00::1", "|1|broken|hash", "web1,", "a,b,c",
    ];
    private static readonly string[] Asked = ["web1", "db1", "[web1]:2222", "[web1]:2223", "10.0.0.7", "fd00::1", "nobody"];
    private static readonly string[] Keywords =
    [
        "Host ", "Match ", "Match host ", "Match exec ", "ProxyJump ", "Port ", "SetEnv ", "SendEnv ", "IdentityFile ",
        "ConnectTimeout ", "HostName ", "Include ",
    ];
    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-ssh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatIsFoundIsWhatOpenSshFinds()
    {
        string[] keys = [.. Enumerable.Range(0, 3).Select(MakeKey)];
#pragma warning disable CA5394 // The same files every time.
        var random = new Random(7);
        for (var file = 0; file < 20; file++)
        {
            var text = new StringBuilder();
            for (var line = random.Next(1, 7); line > 0; line--)
            {
                var name = Names[random.Next(Names.Length)];
                var key = keys[random.Next(keys.Length)];
                var plain = name.AsSpan().IndexOfAny("*?!,|") < 0;
                text.Append(random.Next(12) switch
                {
                    0 => "# comment\n",
                    1 => "\n",
                    2 => $"{name} ssh-ed25519 nonsense\n",
                    3 => $"{name} ssh-rsa {key.Split(' ')[1]}\n",
                    4 => $"  {name}\t{key}  somebody@example.com\r\n",
                    5 when plain =>
                        $"{KnownHostsEntry.Hash(name.ToLowerInvariant(), Encoding.ASCII.GetBytes("12345678901234567890"))} {key}\n",
                    6 => $"@cert-authority {name} {key}\n",
                    7 => $"@revoked {name} {key}\n",
                    8 => $"@unknown {name} {key}\n",
                    _ => $"{name} {key}\n",
                });
            }
#pragma warning restore CA5394

            var path = Path.Combine(_folder, "known_hosts");
            File.WriteAllText(path, text.ToString());
            var ours = KnownHosts.Load([path]);
            foreach (var asked in Asked)
            {
                var found = Find(path, asked);
                var expected = found.Where(line => !line.StartsWith('#'))
                    .Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
                    .Select(Essence)
                    // ssh-keygen -F does not look at the keys; ssh passes over those that are not what they say, and so do we.
                    .Where(line => !line.Contains("ssh-rsa ", StringComparison.Ordinal)
                        && !line.EndsWith("nonsense", StringComparison.Ordinal)).ToList();
                var actual = ours.Entries.Where(entry => entry.IsAbout(asked)).Select(entry => Essence(Show(entry))).ToList();
                Assert.True(
                    expected.SequenceEqual(actual),
                    $"{asked} in\n{text}\nssh-keygen: {string.Join(" | ", expected)}\nours: {string.Join(" | ", actual)}");
            }
        }
    }

    [Fact]
    public void ALineThatIsWrittenIsReadAgain() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 30], Gen.Byte.Array[1, 60], Gen.Bool).Sample((name, data, hash) =>
        {
            byte[] key = [0, 0, 0, 4, .. "test"u8, .. data];
            var line = KnownHostsWriter.Line(name.ToLowerInvariant(), key, hash);
            var entry = KnownHostsEntry.Parse(line, "file", 1);
            return entry is not null
                && entry.IsAbout(name.ToLowerInvariant())
                && !entry.IsAbout(name.ToLowerInvariant() + "x")
                && entry.Key.Span.SequenceEqual(key);
        }, iter: 2000);

    [Fact]
    public void NoTextMakesTheReadersThrow() => Gen.String.Sample(text =>
    {
        KnownHosts.Parse(text, "file").Check("web1", "key"u8);
        KnownHosts.Parse("@revoked " + text + " ssh-rsa AAAA", "file").CheckAuthority("web1", "key"u8);
        foreach (var line in SshConfigLine.Parse(text, "file")) SshConfigText.Arguments(line.Rest ?? "");
        Pattern.IsMatchInList(text, text);
        Pattern.IsFileMatch(text, text);
        SshConfigOptions.Seconds(text);
    }, iter: 5000);

    [Fact]
    public void NoConfigurationMakesTheReaderFailOtherThanWithItsOwnError() =>
        Gen.Select(Gen.Int[0, Keywords.Length - 1].Select(i => Keywords[i]), Gen.String).Sample((keyword, text) =>
        {
            var path = Path.Combine(_folder, Path.GetRandomFileName());
            File.WriteAllText(path, keyword + text);
            var environment = new SshConfigEnvironment { Home = _folder, Execute = (_, _) => Task.FromResult(true) };
            var error = Record.Exception(() =>
                new SshConfigReader([new(path, true)], environment, _ => { }).ReadAsync("web1", new(), CancellationToken.None)
                    .GetAwaiter().GetResult());
            File.Delete(path);
            return error is null or SshClientException { Reason: SshFailureReason.ConfigurationInvalid };
        }, iter: 1500);

    [Theory]
    [InlineData("", nameof(HostKeyVerdict.Unknown))]
    [InlineData("web1 {0}", nameof(HostKeyVerdict.Known))]
    [InlineData("web1 {1}", nameof(HostKeyVerdict.Changed))]
    [InlineData("web1 {1}\nweb1 {0}", nameof(HostKeyVerdict.Known))]
    [InlineData("db1 {0}", nameof(HostKeyVerdict.Unknown))]
    [InlineData("web1 {0}\n@revoked * {0}", nameof(HostKeyVerdict.Revoked))]
    [InlineData("web1 {0}\n@revoked db1 {0}", nameof(HostKeyVerdict.Known))]
    [InlineData("@cert-authority web1 {0}", nameof(HostKeyVerdict.Unknown))]
    public void DecisionsAreOpenSshs(string text, string expected)
    {
        var (key, other) = (MakeKey(0), MakeKey(1));
        var hosts = KnownHosts.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, text, key, other), "file");
        Assert.Equal(expected, hosts.Check("web1", Convert.FromBase64String(key.Split(' ')[1])).ToString());
    }

    private static string Show(KnownHostsEntry entry)
    {
        var marker = entry.Marker switch
        {
            KnownHostsMarker.CertificateAuthority => "@cert-authority ",
            KnownHostsMarker.Revoked => "@revoked ",
            _ => "",
        };
        return $"{marker}{entry.Hosts} {entry.KeyType} {Convert.ToBase64String(entry.Key.Span)}";
    }

    /// <summary>Marker, type and key: ssh-keygen prints the name it was asked for instead of a hash.</summary>
    private static string Essence(string line)
    {
        var words = line.Split(' ');
        return words[0].StartsWith('@') ? $"{words[0]} {words[2]} {words[3]}" : $"{words[1]} {words[2]}";
    }

    private string MakeKey(int number)
    {
        var file = Path.Combine(_folder, $"key{number}");
        if (!File.Exists(file)) SshServer.Keygen("-t", "ed25519", "-f", file);
        return string.Join(' ', File.ReadAllText(file + ".pub").Split(' ')[..2]);
    }

    private static string[] Find(string file, string name)
    {
        using var process = Process.Start(
            new ProcessStartInfo("ssh-keygen", ["-F", name, "-f", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
