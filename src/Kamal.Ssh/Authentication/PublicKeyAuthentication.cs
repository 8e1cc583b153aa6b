using Kamal.Ssh.Algorithms;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Transport;
using Renci.SshNet;

namespace Kamal.Ssh.Authentication;

/// <summary>
/// Public key authentication (RFC 4252, section 7), one key after another. A key that signs without help is offered with its
/// signature, which saves a round trip.
/// </summary>
internal sealed class PublicKeyAuthentication(
    SshTarget target, IReadOnlyList<LoginKey> keys, PassphrasePrompter prompter, LoginReport report, CancellationToken cancellationToken)
    : AuthenticationMethod(target.User)
{
    public override string Name => "publickey";

    public override AuthenticationResult Authenticate(Session session)
    {
        TcpTimeouts.Apply(session, target);
        report.Offer(Name);
        foreach (var key in keys)
        {
            foreach (var (name, signature) in Algorithms(key))
            {
                report.Try(key.Description);
                var result = TryKey(session, key, name, signature);
                if (result != AuthenticationResult.Failure) return result;
                // A server that refuses a key refuses it for its other algorithms as well.
                if (AllowedAuthentications is { Length: > 0 } allowed && !allowed.Contains(Name)) return result;
            }
        }

        return AuthenticationResult.Failure;
    }

    private AuthenticationResult TryKey(Session session, LoginKey key, string name, string signature)
    {
        var algorithm = new SigningAlgorithm(name, key.PublicBlob, data => Sign(key, data, signature));
        var asksFirst = key.IsCostly && (keys.Count > 1 || !key.IsAtHand);
        using var attempt = asksFirst
            ? new PrivateKeyAuthenticationMethod(Username, algorithm, new DecoyKey())
            : new PrivateKeyAuthenticationMethod(Username, algorithm);
        try
        {
            return attempt.Authenticate(session);
        }
        catch (KeyDeclinedException)
        {
            return AuthenticationResult.Failure;
        }
        finally
        {
            if (attempt.AllowedAuthentications is { Length: > 0 } allowed) report.Accepted = AllowedAuthentications = allowed;
        }
    }

    private byte[] Sign(LoginKey key, byte[] data, string algorithm)
    {
        // SSH.NET authenticates synchronously, on a thread of its own.
        var signing = Task.Run(async () =>
        {
            if ((key is CertifiedKey certified ? certified.Key : key) is FileKey file)
            {
                await file.UnlockAsync(prompter, cancellationToken).ConfigureAwait(false);
            }
            return await key.SignAsync(data, algorithm, cancellationToken).ConfigureAwait(false);
        }, cancellationToken);
        if (signing.GetAwaiter().GetResult() is { } signature) return signature;
        report.Amend($", but {key.Obstacle}");
        throw new KeyDeclinedException();
    }

    /// <summary>The algorithms to request, each with the one to sign with.</summary>
    private IEnumerable<(string Key, string Signature)> Algorithms(LoginKey key)
    {
        var type = key.BlobType;
        var isCertificate = type.EndsWith(AlgorithmSelection.CertificateSuffix, StringComparison.Ordinal);
        var plain = isCertificate ? type[..^AlgorithmSelection.CertificateSuffix.Length] : type;
        string[] able = plain == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [plain];
        var suffix = isCertificate ? AlgorithmSelection.CertificateSuffix : "";
        return AlgorithmSelection.Select(
            target.PubkeyAcceptedAlgorithms, [.. able.Select(name => name + suffix)], name => name == "ssh-rsa" + suffix)
            .Take(1)
            .Select(name => (name, name[..^suffix.Length]));
    }
}
