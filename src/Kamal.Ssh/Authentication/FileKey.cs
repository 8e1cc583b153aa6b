using System.Text;
using Kamal.Ssh.Wire;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Ssh.Authentication;

/// <summary>A private key. Its passphrase is asked for when the server accepts the key, and once.</summary>
internal sealed class FileKey : LoginKey
{
    private const string NoPassphrase = "its passphrase was not given";
    private const string WrongPassphrase = "its passphrase was wrong";
    private readonly string _name;
    private readonly string _text;
    private readonly AsyncLock _opening = new();
    private PrivateKeyFile? _key;
    private string? _obstacle;
    private object? _refusedBy;

    private FileKey(string name, string text, PrivateKeyFile? key, byte[] publicBlob)
    {
        _name = name;
        _text = text;
        _key = key;
        PublicBlob = publicBlob;
    }

    public override string Description => $"{_name} ({KeyKind()} {PublicKeyBlob.Fingerprint(PublicBlob)})";

    public override byte[] PublicBlob { get; }

    public override bool IsCostly => _key is null;

    public override bool IsAtHand => _key is not null;

    public override string Obstacle => _obstacle ?? base.Obstacle;

    /// <summary>Reads a key.</summary>
    /// <param name="name">What messages call it, such as its file.</param>
    /// <param name="publicText">The text of its <c>.pub</c> file, if there is one.</param>
    /// <param name="prompter">Asks for the passphrase, if even the public part is encrypted.</param>
    /// <exception cref="SshClientException">It is not a private key that can be read, or its passphrase was not given.</exception>
    public static async Task<FileKey> ReadAsync(
        string name, string text, string? publicText, PassphrasePrompter prompter, CancellationToken cancellationToken)
    {
        try
        {
            var key = Parse(text, null);
            return new FileKey(name, text, key, PublicOf(key));
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            if (PublicPartOf(text) is { } blob) return new FileKey(name, text, null, blob);
            if (publicText is not null && PublicKeyBlob.ReadLine(publicText) is { } line) return new FileKey(name, text, null, line);
            var (key, obstacle) = await OpenAsync(name, text, prompter, cancellationToken).ConfigureAwait(false);
            return key is null
                ? throw new SshClientException(SshFailureReason.AuthenticationFailed, $"{name}: {obstacle}")
                : new FileKey(name, text, key, PublicOf(key));
        }
        catch (Exception failure) when (IsUnreadable(failure))
        {
            throw new SshClientException(
                SshFailureReason.AuthenticationFailed, $"{name} is not a private key that can be read: {failure.Message}", failure);
        }
    }

    /// <summary>Asks for the passphrase, if the key has one and it was not given yet.</summary>
    public async Task UnlockAsync(PassphrasePrompter prompter, CancellationToken cancellationToken)
    {
        await _opening.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Once for all hosts; the next command asks again.
            if (_key is not null || prompter.Operator.Equals(_refusedBy)) return;
            _refusedBy = prompter.Operator;
            (_key, _obstacle) = await OpenAsync(_name, _text, prompter, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _opening.Exit();
        }
    }

    public override Task<byte[]?> SignAsync(byte[] data, string algorithm, CancellationToken cancellationToken)
    {
        if (_key is not { } key) return Task.FromResult<byte[]?>(null);
        var signer = key.HostKeyAlgorithms.FirstOrDefault(candidate => candidate.Name == algorithm);
        if (signer is null) return Task.FromResult<byte[]?>(null);
        lock (key) return Task.FromResult<byte[]?>(signer.Sign(data));
    }

    private string KeyKind() => BlobType switch
    {
        "ssh-ed25519" => "ED25519",
        "ssh-rsa" => "RSA",
        _ when BlobType.StartsWith("ecdsa-", StringComparison.Ordinal) => "ECDSA",
        _ => BlobType,
    };

    /// <summary>The key, or why it could not be decrypted.</summary>
    private static async Task<(PrivateKeyFile? Key, string? Obstacle)> OpenAsync(
        string name, string text, PassphrasePrompter prompter, CancellationToken cancellationToken)
    {
        for (var i = 0; i < prompter.Tries; i++)
        {
            var passphrase = await prompter.AskAsync(name, i > 0, cancellationToken).ConfigureAwait(false);
            if (string.IsNullOrEmpty(passphrase)) return (null, i == 0 ? NoPassphrase : WrongPassphrase);
            try
            {
                return (Parse(text, passphrase), null);
            }
            catch (Exception failure) when (IsUnreadable(failure))
            {
                // A wrong passphrase and a damaged key look the same: ask again.
            }
        }

        return (null, prompter.Tries > 0 ? WrongPassphrase : NoPassphrase);
    }

    private static PrivateKeyFile Parse(string text, string? passphrase)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").Trim() + "\n"));
        return new PrivateKeyFile(stream, passphrase);
    }

    private static byte[] PublicOf(PrivateKeyFile key) => ((Renci.SshNet.Security.KeyHostAlgorithm)key.HostKeyAlgorithms.First()).Data;

    /// <summary>The public part, which OpenSSH's format does not encrypt.</summary>
    private static byte[]? PublicPartOf(string text)
    {
        const string begin = "-----BEGIN OPENSSH PRIVATE KEY-----", end = "-----END OPENSSH PRIVATE KEY-----";
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = text.IndexOf(end, StringComparison.Ordinal);
        if (from < 0 || to < from) return null;
        try
        {
            var data = Convert.FromBase64String(text[(from + begin.Length)..to].Trim());
            var reader = new SshReader(data.AsSpan("openssh-key-v1\0"u8.Length));
            reader.Bytes();
            reader.Bytes();
            reader.Bytes();
            return reader.UInt32() == 1 ? reader.Bytes().ToArray() : null;
        }
        catch (Exception damaged) when (IsUnreadable(damaged))
        {
            return null;
        }
    }

    private static bool IsUnreadable(Exception failure) => failure is SshException or FormatException or ArgumentException
        or NotSupportedException or IOException or InvalidOperationException or System.Security.Cryptography.CryptographicException
        or System.Formats.Asn1.AsnContentException;
}
