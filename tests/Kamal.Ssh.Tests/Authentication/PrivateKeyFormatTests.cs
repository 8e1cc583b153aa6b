using Kamal.Ssh.Authentication;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Ssh.Tests.Authentication;

/// <summary>Private keys as ssh-keygen, openssl and PuTTY write them, against a real sshd.</summary>
[Trait("Category", "Linux")]
public sealed class PrivateKeyFormatTests : IAsyncLifetime
{
    private const string Passphrase = "open sesame";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private SshServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SshServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>How a key comes to be, as a shell line: it writes <c>key</c>; <c>$pass</c> is the passphrase.</summary>
    public static TheoryData<string> Plain => new(
        "ssh-keygen -q -t rsa -N '' -m PKCS8 -f key",
        "ssh-keygen -q -t ecdsa -N '' -m PKCS8 -f key",
        "ssh-keygen -q -t ed25519 -N '' -f key",
        "openssl genpkey -algorithm ed25519 -out key",
        "openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out key",
        "openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out key",
        "openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-384 -out key",
        "openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-521 -out key",
        "openssl genrsa -traditional -out key 2048",
        "openssl ecparam -name prime256v1 -genkey -out key",
        "openssl genpkey -algorithm ed25519 | sed 's/$/\\r/' > key",
        "{ echo 'Bag Attributes'; echo '    friendlyName: me'; openssl genpkey -algorithm ed25519; } > key",
        "puttygen -q -t rsa -b 2048 -O private --ppk-param version=2 --new-passphrase /dev/null -o key",
        "puttygen -q -t rsa -b 2048 -O private --ppk-param version=3 --new-passphrase /dev/null -o key",
        "puttygen -q -t ecdsa -b 256 -O private --ppk-param version=2 --new-passphrase /dev/null -o key",
        "puttygen -q -t ecdsa -b 521 -O private --ppk-param version=3 --new-passphrase /dev/null -o key",
        "puttygen -q -t ed25519 -O private --ppk-param version=2 --new-passphrase /dev/null -o key",
        "puttygen -q -t ed25519 -O private --ppk-param version=3 --new-passphrase /dev/null -o key",
        "puttygen -q -t ed25519 -O private-openssh-new --new-passphrase /dev/null -o key",
        "puttygen -q -t rsa -b 2048 -O private-openssh --new-passphrase /dev/null -o key");

    public static TheoryData<string> Encrypted => new(
        "ssh-keygen -q -t rsa -N \"$pass\" -m PKCS8 -f key",
        "ssh-keygen -q -t ecdsa -N \"$pass\" -m PKCS8 -f key",
        "ssh-keygen -q -t rsa -N \"$pass\" -m PEM -f key",
        "ssh-keygen -q -t ed25519 -N \"$pass\" -f key",
        "openssl genpkey -algorithm ed25519 -aes-256-cbc -pass env:pass -out key",
        "openssl genpkey -algorithm ed25519 -des3 -pass env:pass -out key",
        "openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -aes-128-cbc -pass env:pass -out key",
        "openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -des3 -pass env:pass -out key",
        "openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -aes-256-cbc -pass env:pass -out key",
        "openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-384 -des3 -pass env:pass -out key",
        "openssl genpkey -algorithm ed25519 | openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout env:pass -out key",
        "openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 | openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout env:pass -out key",
        "openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 | openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout env:pass " +
        "-out key",
        "openssl genpkey -algorithm ed25519 | openssl pkcs8 -topk8 -scrypt -passout env:pass -out key",
        "openssl genpkey -algorithm ed25519 | openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA512 -passout env:pass -out key",
        "openssl genrsa -traditional -aes256 -passout env:pass -out key 2048",
        "openssl genrsa -traditional -des3 -passout env:pass -out key 2048",
        "puttygen -q -t rsa -b 2048 -O private --ppk-param version=2 --new-passphrase pass -o key",
        "puttygen -q -t rsa -b 2048 -O private --ppk-param version=3 --new-passphrase pass -o key",
        "puttygen -q -t ecdsa -b 384 -O private --ppk-param version=2 --new-passphrase pass -o key",
        "puttygen -q -t ecdsa -b 384 -O private --ppk-param version=3 --new-passphrase pass -o key",
        "puttygen -q -t ed25519 -O private --ppk-param version=2 --new-passphrase pass -o key",
        "puttygen -q -t ed25519 -O private --ppk-param version=3,kdf=argon2id --new-passphrase pass -o key",
        "puttygen -q -t ed25519 -O private --ppk-param version=3,kdf=argon2i --new-passphrase pass -o key",
        "puttygen -q -t ed25519 -O private --ppk-param version=3,kdf=argon2d --new-passphrase pass -o key");

    /// <summary>Keys that no server of OpenSSH's takes, and what is said of them.</summary>
    public static TheoryData<string, string> Unusable => new()
    {
        { "openssl genpkey -algorithm ed448 -out key", "Ed448" },
        { "openssl genpkey -algorithm x25519 -out key", "X25519" },
        { "openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:secp256k1 -out key", "curve" },
        { "openssl genpkey -algorithm ed448 -aes-256-cbc -pass env:pass -out key", "" },
        { "openssl genpkey -algorithm dh -pkeyopt group:ffdhe2048 -out key", "" },
        { "openssl genpkey -genparam -algorithm dsa -pkeyopt dsa_paramgen_bits:1024 -out dsa && openssl genpkey -paramfile dsa -out key", "DSA" },
        { "puttygen -q -t ed448 -O private --new-passphrase /dev/null -o key", "" },
        { "openssl genpkey -algorithm ed25519 | head -c 70 > key; echo; echo '-----END PRIVATE KEY-----' >> key", "" },
        { "openssl genpkey -algorithm ed25519 -aes-256-cbc -pass env:pass | head -c 150 > key; echo >> key; echo '-----END ENCRYPTED PRIVATE KEY-----' >> key", "" },
        { "puttygen -q -t ed25519 -O private --new-passphrase /dev/null -o whole; sed 's/^Private-MAC: .*/Private-MAC: 00/' whole > key", "" },
        { "puttygen -q -t ed25519 -O private --new-passphrase /dev/null -o whole; sed 's/^PuTTY-User-Key-File-3/PuTTY-User-Key-File-4/' whole > key", "" },
        { "printf -- '-----BEGIN ENCRYPTED PRIVATE KEY-----\\nMAA=\\n-----END ENCRYPTED PRIVATE KEY-----\\n' > key", "" },
        { "printf -- '-----BEGIN PRIVATE KEY-----\\n!!!!\\n-----END PRIVATE KEY-----\\n' > key", "" },
        { "printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\\n\\n-----END OPENSSH PRIVATE KEY-----\\n' > key", "" },
        { "head -c 5000 /dev/urandom > key", "" },
    };

    [Theory]
    [MemberData(nameof(Plain))]
    public async Task AKeyLogsIn(string make)
    {
        var key = Make(make, authorize: true);
        var operatorAnswers = new ScriptedInteraction();
        await LogInAsync([key], operatorAnswers);
        Assert.Empty(operatorAnswers.Asked);
    }

    [Theory]
    [MemberData(nameof(Encrypted))]
    public async Task AnEncryptedKeyLogsInWithItsPassphrase(string make)
    {
        var key = Make(make, authorize: true);
        var operatorAnswers = new ScriptedInteraction { Secret = _ => Passphrase };
        await LogInAsync([key], operatorAnswers);
        Assert.Contains(key, Assert.Single(operatorAnswers.Asked), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Encrypted))]
    public async Task AnEncryptedKeyDoesNotStopTheNextKey(string make)
    {
        // Without its public part and without anybody to ask, as in CI.
        var key = Make(make, authorize: false);
        await LogInAsync([key, _server.UserKey], new ScriptedInteraction());
        var error = await Assert.ThrowsAsync<SshClientException>(() =>
            LogInAsync([key], new ScriptedInteraction { Secret = _ => "wrong" }));
        Assert.Equal(SshFailureReason.AuthenticationFailed, error.Reason);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task AKeyThatCannotBeUsedDoesNotStopTheNextKeyAndIsNamed(string make, string name)
    {
        var key = Make(make, authorize: false);
        var operatorAnswers = new ScriptedInteraction { Secret = _ => Passphrase };
        await LogInAsync([key, _server.UserKey], operatorAnswers);
        var error = await Assert.ThrowsAsync<SshClientException>(() => LogInAsync([key], operatorAnswers));
        Assert.Equal(SshFailureReason.AuthenticationFailed, error.Reason);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEd25519KeyMayBeginWithZeros()
    {
        byte[] seed = [0, 0, .. Enumerable.Range(1, 30).Select(i => (byte)i)];
        // RFC 8410: a header, and the seed in two octet strings.
        byte[] der = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20, .. seed];
        using var key = PrivateKeyReader.Read(System.Security.Cryptography.PemEncoding.WriteString("PRIVATE KEY", der), null);
        var expected = new Org.BouncyCastle.Crypto.Parameters.Ed25519PrivateKeyParameters(seed).GeneratePublicKey().GetEncoded();
        var actual = ((Renci.SshNet.Security.KeyHostAlgorithm)key.HostKeyAlgorithms.First()).Data;
        Assert.Equal(expected, actual[^32..]);
    }

    private async Task LogInAsync(string[] keys, ScriptedInteraction interaction)
    {
        var target = _server.Target with { IdentityFiles = [.. keys] };
        await (await Connecting.SshConnectionTests.ConnectAsync(target, interaction)).DisposeAsync();
    }

    /// <summary>Makes a key; only its private file is left.</summary>
    private string Make(string line, bool authorize)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_server.Folder, "made")).FullName;
        Assert.SkipUnless(
            !line.StartsWith("puttygen", StringComparison.Ordinal) || File.Exists("/usr/bin/puttygen"),
            "puttygen is not installed.");
        const string publish = "case $(head -c 5 key) in PuTTY) puttygen key -O public-openssh --old-passphrase pass -o public ;; "
            + "*) ssh-keygen -y -P \"$pass\" -f key > public 2>/dev/null || { openssl pkey -in key -passin env:pass -outform DER -out der "
            + "&& openssl pkey -in key -passin env:pass -pubout -outform DER | tail -c 32 > raw "
            + "&& { printf '\\000\\000\\000\\013ssh-ed25519\\000\\000\\000\\040'; cat raw; } | base64 -w 0 | sed 's/^/ssh-ed25519 " +
                "/' > public; } ;; esac";
        var script =
            $"cd '{folder}' && export pass='{Passphrase}' && printf %s \"$pass\" > pass && {{ {line}; }} && chmod 600 key && rm -f key.pub"
            + (authorize ? $" && {publish}" : "");
        SshServer.RunTool("sh", "-c", script);
        var key = Path.Combine(folder, "key");
        if (authorize)
        {
            File.WriteAllText(Path.Combine(_server.Folder, "authorized_keys"), File.ReadAllText(Path.Combine(folder, "public")) + "\n");
        }
        return key;
    }
}
