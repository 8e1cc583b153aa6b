using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Kamal.Ssh.Algorithms;
using Kamal.Ssh.Authentication;
using Kamal.Ssh.HostKeys;
using Kamal.Ssh.Interop;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Transport;
using Kamal.Ssh.Wire;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;
using Renci.SshNet.Security;

namespace Kamal.Ssh.Connecting;

/// <summary>One attempt to log in to a host with SSH.NET.</summary>
internal sealed class LoginAttempt(
    SshTarget target, Route route, KeyStore keys, HostKeyChecker hostKeys, SshHints hints, ISshInteraction interaction, bool certificates)
{
    private readonly LoginReport _report = new(text => interaction.Trace(target.Name, text));
    private HostKeyVerdict _verdict = HostKeyVerdict.Known;
    private byte[]? _hostKey;
    private bool _identified;
    private CertificateHostAlgorithm? _shown;

    /// <summary>The host's key, if it is not known and all that was wrong.</summary>
    public byte[]? UnknownKey => _verdict == HostKeyVerdict.Unknown ? _hostKey : null;

    /// <summary>
    /// What is wrong with the certificate that the host presented, if that ended the connection: SSH.NET stops there,
    /// while OpenSSH continues with the plain key.
    /// </summary>
    public string? CertificateTrouble(Exception failure)
    {
        if (_shown is null || _hostKey is not null
            || failure is not SshConnectionException { DisconnectReason: DisconnectReason.KeyExchangeFailed })
        {
            return null;
        }
        return UserCertificate.Read(_shown.Data) is { Outdated: { Length: > 0 } outdated }
            ? $"It has a certificate{outdated}."
            : "The signature of its certificate is not valid.";
    }

    /// <summary>Why a valid certificate is not for this host; null if there is none.</summary>
    public string? PrincipalTrouble => _shown?.Certificate is { ValidPrincipals: { Count: > 0 } names }
        ? $"Its certificate is for {ServerText.Clean(string.Join(", ", names))}."
        : null;

    /// <summary>Connects and logs in.</summary>
    public async Task<SshConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        await using var candidates = target.DisabledAuthentications.Contains("publickey")
            ? null
            : await KeyCandidates.CollectAsync(target, keys, new PassphrasePrompter(interaction, target), _report.Notes, cancellationToken)
                .ConfigureAwait(false);
        interaction.Trace(
            target.Name,
            $"connecting to {target}{(target.Jump is { } jump ? $" through {jump}" : "")}; {candidates?.Keys.Count ?? 0} keys"
            + $"{(_report.Notes.Count > 0 ? $" ({string.Join("; ", _report.Notes)})" : "")}");
        for (var i = 0; ; i++)
        {
            var from = route.Below is null
                ? await LocalAddress.FindAsync(target, route.EndPoints[i].Address, cancellationToken).ConfigureAwait(false)
                : null;
            var session = CreateSession(route.EndPoints[i], from, candidates?.Keys ?? [], cancellationToken);
            try
            {
                await ConnectAsync(session, cancellationToken).ConfigureAwait(false);
                return new SshConnection(session, target, route);
            }
            catch (SocketException) when (!_identified && i + 1 < route.EndPoints.Count)
            {
                // Another of the host's addresses may respond.
            }
        }
    }

    /// <summary>Whether the server closed the connection before it said anything.</summary>
    public bool WasDropped(Exception failure) => !_identified && target.Jump is null && target.ProxyCommand is null
        && failure is SshConnectionException or SocketException { SocketErrorCode: SocketError.ConnectionReset };

    /// <summary>The error to report.</summary>
    public Exception Explain(Exception failure, CancellationToken cancellationToken)
    {
        if (failure is SshClientException || cancellationToken.IsCancellationRequested) return failure;
        if (_verdict is HostKeyVerdict.Changed or HostKeyVerdict.Revoked) return hostKeys.Refuse(target, _hostKey!, _verdict);
        if (_report.Accepted.Count == 0) _report.Accepted = LoginAdvice.AcceptedIn(failure);
        var through = target.ProxyCommand is { } command ? $" through '{command}'" : target.Jump is { } jump ? $" through {jump}" : "";
        var trouble = route.Trouble() is { } words ? $" {words}" : "";
        return failure switch
        {
            _ when LoginAdvice.IsRefusal(failure, _report) => new SshClientException(SshFailureReason.AuthenticationFailed,
                $"{target.Name}: could not log in as {target}{through}. {_report}{LoginAdvice.Ending(failure)}", failure)
            {
                HostName = target.Name,
                Recommendation = LoginAdvice.For(target, failure, _report, hints),
            },
            SshOperationTimeoutException or OperationCanceledException => new SshClientException(SshFailureReason.TimedOut,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{target.Name}: {target}{through} did not answer within {Limit.TotalSeconds:0.#} s.{trouble}"),
                failure)
            {
                HostName = target.Name,
                Recommendation = $"Is the host up, and does a firewall let port {target.Port} through? ConnectTimeout in ssh_config "
                    + "gives it more time.",
            },
            SshException or SocketException or IOException or ObjectDisposedException =>
                new SshClientException(ReasonOf(failure),
                $"{target.Name}: could not connect to {target}{through}: {ServerText.Of(failure)}{trouble}", failure)
            {
                HostName = target.Name,
                Recommendation = $"Try: ssh -p {target.Port} {target.User}@{target.Address}",
            },
            // What the system's cryptography lacks or refuses, as curves where a policy forbids them.
            CryptographicException or NotSupportedException => new SshClientException(SshFailureReason.ConnectionFailed,
                $"{target.Name}: could not connect to {target}{through}: this machine cannot use an algorithm that was agreed on: "
                + failure.Message,
                failure)
            {
                HostName = target.Name,
                Recommendation = "Choose other algorithms for this host in ssh_config: KexAlgorithms, Ciphers, MACs or HostKeyAlgorithms.",
            },
            _ => failure,
        };
    }

    /// <summary>How long the host had for what it did not do.</summary>
    private TimeSpan Limit => _identified ? target.ConnectTimeout : FirstLimit;

    private TimeSpan FirstLimit => target.AnswerTimeout < target.ConnectTimeout ? target.AnswerTimeout : target.ConnectTimeout;

    private static SshFailureReason ReasonOf(Exception failure) => (failure as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => SshFailureReason.Refused,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown =>
            SshFailureReason.Unreachable,
        SocketError.TimedOut => SshFailureReason.TimedOut,
        _ => SshFailureReason.ConnectionFailed,
    };

    private Session CreateSession(
        IPEndPoint endPoint, IPAddress? from, IReadOnlyList<LoginKey> candidates, CancellationToken cancellationToken)
    {
        ConnectionInfo? info = null;
        List<AuthenticationMethod> methods = [];
        IReadOnlyList<string> order = target.PreferredAuthentications.IsEmpty
            ? ["publickey", "keyboard-interactive", "password"]
            : target.PreferredAuthentications;
        foreach (var method in order.Where(method => !target.DisabledAuthentications.Contains(method)))
        {
            if (method == "publickey")
            {
                methods.Add(new PublicKeyAuthentication(
                    target, candidates, new PassphrasePrompter(interaction, target), _report, cancellationToken));
            }
            else if (method == "keyboard-interactive")
            {
                methods.Add(new KeyboardInteractiveAuthentication(target, interaction, _report, () => info!, cancellationToken));
            }
            else if (method == "password") methods.Add(new PasswordAuthentication(target, interaction, _report, cancellationToken));
        }

        if (methods.Count == 0) methods.Add(new NoneAuthenticationMethod(target.User));
        info = new ConnectionInfo(endPoint.Address.ToString(), endPoint.Port, target.User, [.. methods])
        {
            Timeout = target.ConnectTimeout,
        };
        AlgorithmSelection.Apply(target, info);
        hostKeys.Order(target, info.HostKeyAlgorithms, certificates);
        foreach (var (name, create) in info.HostKeyAlgorithms.ToList()) info.HostKeyAlgorithms[name] = data => See(create(data));
        if (interaction.IsTraced) info.LoggerFactory = new TraceLog(target.Name, interaction);
        info.AuthenticationBanner += (_, banner) => _report.Banner = ServerText.Clean(banner.BannerMessage);
        var session = SshNetInternals.CreateSession(info, from);
        session.ServerIdentificationReceived += (_, _) =>
        {
            _identified = true;
            TcpBuffers.Apply(session);
        };
        session.HostKeyReceived += (_, received) =>
        {
            _hostKey = received.HostKey;
            _verdict = hostKeys.Decide(target, received.HostKey, received.Certificate);
            received.CanTrust = _verdict == HostKeyVerdict.Known;
            interaction.Trace(
                target.Name, $"the host key {PublicKeyBlob.Fingerprint(received.HostKey)} of {target.KnownHostName}: {_verdict}");
        };
        return session;
    }

    private KeyHostAlgorithm See(KeyHostAlgorithm shown)
    {
        if (shown is CertificateHostAlgorithm certified)
        {
            _shown = certified;
            if (hostKeys.IsAuthorityRevoked(target, certified.Certificate))
            {
                (_hostKey, _verdict) = (certified.Certificate.CertificateAuthorityKey, HostKeyVerdict.Revoked);
            }
        }

        return shown;
    }

    /// <summary>
    /// SSH.NET notices a cancellation late, while it waits on a thread for the server's answers: the caller is not kept waiting, and
    /// the socket is closed under it.
    /// </summary>
    private async Task ConnectAsync(Session session, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(FirstLimit);
        session.ServerIdentificationReceived += (_, _) => Extend(timeout);
        // On a fast network SSH.NET comes to its first wait without having left this thread, on which other hosts' turns wait.
        var connecting = Task.Run(() => session.ConnectAsync(timeout.Token), CancellationToken.None);
        try
        {
            await connecting.WaitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch
        {
            SshNetInternals.SocketOf(session)?.Dispose();
            _ = connecting.ContinueWith(ended =>
            {
                _ = ended.Exception;
                session.Dispose();
            }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>A host that answers has longer: its login may wait for a directory service.</summary>
    private void Extend(CancellationTokenSource timeout)
    {
        try
        {
            timeout.CancelAfter(target.ConnectTimeout);
        }
        catch (ObjectDisposedException)
        {
            // The attempt has ended.
        }
    }
}
