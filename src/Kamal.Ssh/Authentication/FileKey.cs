using Kamal.Ssh.Wire;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Ssh.Authentication;

/// <summary>A private key. Its passphrase is asked for when the server accepts the key, and once.</summary>
internal sealed class FileKey : LoginKey
{
    /// <summary>The obstacle if nobody gave the passphrase.</summary>
    public const string NoPassphrase = "its passphrase was not given";
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
            var key = PrivateKeyReader.Read(text, null);
            return new FileKey(name, text, key, PublicOf(key));
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            if (PublicPart(text, publicText) is { } blob) return new FileKey(name, text, null, blob);
        }
        catch (Exception failure) when (ConcernsKey(failure))
        {
            throw Unreadable(name, failure);
        }

        var (opened, obstacle) = await OpenAsync(name, text, prompter, cancellationToken).ConfigureAwait(false);
        return opened is null
            ? throw new SshClientException(SshFailureReason.AuthenticationFailed, $"{name}: {obstacle}")
            : new FileKey(name, text, opened, PublicOf(opened));
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
                var key = PrivateKeyReader.Read(text, passphrase);
                PublicOf(key);
                return (key, null);
            }
            catch (NotSupportedException failure)
            {
                return (null, failure.Message);
            }
            catch (Exception failure) when (ConcernsKey(failure))
            {
                // A wrong passphrase and a damaged key look the same: ask again.
            }
        }

        return (null, prompter.Tries > 0 ? WrongPassphrase : NoPassphrase);
    }

    private static byte[] PublicOf(PrivateKeyFile key) => ((Renci.SshNet.Security.KeyHostAlgorithm)key.HostKeyAlgorithms.First()).Data;

    /// <summary>The public part of an encrypted key: its own, or that of its <c>.pub</c> file.</summary>
    private static byte[]? PublicPart(string text, string? publicText)
    {
        try
        {
            if (PrivateKeyReader.PublicPart(text) is { } blob) return blob;
        }
        catch (Exception failure) when (ConcernsKey(failure))
        {
            // The .pub file may have it.
        }

        return publicText is null ? null : PublicKeyBlob.ReadLine(publicText);
    }

    private static SshClientException Unreadable(string name, Exception failure) => new(
        SshFailureReason.AuthenticationFailed, $"{name} is not a private key that can be read: {failure.Message}", failure);

    /// <summary>Whatever a damaged or strange key makes its readers throw concerns this key alone.</summary>
    private static bool ConcernsKey(Exception failure) => failure is not (OperationCanceledException or SshClientException);
}
