using System.Net.Sockets;
using System.Security.Cryptography;
using Kamal.Engine;
using Kamal.Engine.Hosts;
using Kamal.Engine.Ssh;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Adapters.Ssh;

/// <summary>Connects to hosts with SSH.NET. Host keys are checked against known_hosts; SSH.NET itself would trust any.</summary>
internal sealed class SshNetConnector : IHostConnector
{
    public async Task<IHostConnection> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken)
    {
        var (connection, unknownKey) = await AttemptAsync(target, cancellationToken).ConfigureAwait(false);
        if (connection is not null) return connection;
        var key = unknownKey!;
        var accepted = target.HostKeyChecking is StrictHostKeyChecking.AcceptNew or StrictHostKeyChecking.No
            || (target.HostKeyChecking == StrictHostKeyChecking.Ask
                && await interaction.ConfirmHostKeyAsync(target.Name, KnownHostsEntry.TypeOf(key) ?? "unknown", Fingerprint(key), cancellationToken).ConfigureAwait(false));
        if (!accepted || target.UserKnownHostsFiles.IsEmpty) throw Unknown(target, key);
        await KnownHostsWriter.AddAsync(target.UserKnownHostsFiles[0], KnownHostsWriter.Line(target.KnownHostName, key, target.HashKnownHosts), cancellationToken).ConfigureAwait(false);
        (connection, unknownKey) = await AttemptAsync(target, cancellationToken).ConfigureAwait(false);
        return connection ?? throw Unknown(target, unknownKey!);
    }

    /// <summary>Connects, or hands back the key that is not known. The question to the operator comes between two attempts, so that no thread waits for him.</summary>
    private static async Task<(SshNetConnection? Connection, byte[]? UnknownKey)> AttemptAsync(SshTarget target, CancellationToken cancellationToken)
    {
        var known = KnownHosts.Load([.. target.UserKnownHostsFiles, .. target.GlobalKnownHostsFiles]);
        byte[]? refusedKey = null;
        var verdict = HostKeyVerdict.Unknown;
        var client = new SshClient(Describe(target, known));
        client.HostKeyReceived += (_, received) =>
        {
            verdict = known.Check(target.KnownHostName, received.HostKey);
            received.CanTrust = verdict == HostKeyVerdict.Known;
            if (!received.CanTrust) refusedKey = received.HostKey;
        };
        try
        {
            await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
            client.KeepAliveInterval = target.KeepAliveInterval;
            return (new SshNetConnection(client, target.Name), null);
        }
        catch (Exception error) when (error is SshException or SocketException or IOException or ObjectDisposedException)
        {
            client.Dispose();
            if (refusedKey is null) throw Explain(target, error);
            if (verdict == HostKeyVerdict.Unknown) return (null, refusedKey);
            throw Refused(target, refusedKey, known, verdict);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static ConnectionInfo Describe(SshTarget target, KnownHosts known)
    {
        List<IPrivateKeySource> keys = [];
        try
        {
            keys.AddRange(target.IdentityFiles.Where(File.Exists).Select(file => new PrivateKeyFile(file)));
            keys.AddRange(target.KeyData.Select(data => new PrivateKeyFile(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(data.Reveal().Trim() + "\n")))));
        }
        catch (Exception error) when (error is SshException or IOException or UnauthorizedAccessException)
        {
            throw new KamalException(KamalErrorId.AuthenticationFailed, $"{target.Name}: a private key cannot be read: {error.Message}", error) { HostName = target.Name };
        }

        if (keys.Count == 0)
        {
            throw new KamalException(KamalErrorId.AuthenticationFailed, $"{target.Name}: there is no private key to log in with; looked for {string.Join(", ", target.IdentityFiles)}.")
            {
                HostName = target.Name,
                Recommendation = "Name one under ssh/keys in the configuration, or as IdentityFile in ssh_config.",
            };
        }

        var info = new ConnectionInfo(target.Address, target.Port, target.User, new PrivateKeyAuthenticationMethod(target.User, [.. keys])) { Timeout = target.ConnectTimeout, MaxSessions = 100 };
        // First the key exchange that costs both ends the least; post-quantum ones stay for servers that want nothing else.
        Prefer(info.KeyExchangeAlgorithms, name => name.StartsWith("curve25519", StringComparison.Ordinal));
        // A server shows one key: ask for one of a type that is known, as OpenSSH does.
        var types = known.About(target.KnownHostName).Select(entry => entry.KeyType).ToHashSet();
        Prefer(info.HostKeyAlgorithms, name => types.Contains(name.StartsWith("rsa-sha2", StringComparison.Ordinal) ? "ssh-rsa" : name));
        return info;
    }

    private static void Prefer<T>(IOrderedDictionary<string, T> algorithms, Func<string, bool> preferred)
    {
        var at = 0;
        foreach (var (name, value) in algorithms.Where(pair => preferred(pair.Key)).ToList())
        {
            algorithms.Remove(name);
            algorithms.Insert(at++, name, value);
        }
    }

    private static KamalException Explain(SshTarget target, Exception error) => error switch
    {
        SshAuthenticationException => new KamalException(KamalErrorId.AuthenticationFailed,
            $"{target.Name}: {target} refused the login with {string.Join(", ", target.IdentityFiles.Where(File.Exists))}: {error.Message}", error)
        {
            HostName = target.Name,
            Recommendation = $"Does the account's ~/.ssh/authorized_keys hold the key? Try: ssh -p {target.Port} {target.User}@{target.Address}",
        },
        SshOperationTimeoutException => new KamalException(KamalErrorId.TimedOut,
            $"{target.Name}: {target} did not answer within {target.ConnectTimeout.TotalSeconds:0.#} s.", error)
        { HostName = target.Name },
        _ => new KamalException(KamalErrorId.ConnectionFailed, $"{target.Name}: could not connect to {target}: {error.Message}", error)
        {
            HostName = target.Name,
            Recommendation = $"Try: ssh -p {target.Port} {target.User}@{target.Address}",
        },
    };

    private static KamalException Unknown(SshTarget target, byte[] key)
    {
        var line = KnownHostsWriter.Line(target.KnownHostName, key, hash: false);
        return new(KamalErrorId.HostKeyUnknown, $"{target.Name}: the host key {Fingerprint(key)} ({KnownHostsEntry.TypeOf(key)}) of {target.KnownHostName} is not known.")
        {
            HostName = target.Name,
            Recommendation = $"Compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub there). If it is right, add this line to {target.UserKnownHostsFiles.FirstOrDefault() ?? "known_hosts"}, or run again with -AcceptNewHostKey: {line}",
        };
    }

    private static KamalException Refused(SshTarget target, byte[] key, KnownHosts known, HostKeyVerdict verdict)
    {
        var places = string.Join(", ", known.About(target.KnownHostName).Select(entry => $"{entry.File}:{entry.Line}"));
        return new(KamalErrorId.HostKeyChanged, verdict == HostKeyVerdict.Revoked
            ? $"{target.Name}: the host key {Fingerprint(key)} of {target.KnownHostName} has been revoked."
            : $"{target.Name}: the host key of {target.KnownHostName} has changed: it is now {Fingerprint(key)} ({KnownHostsEntry.TypeOf(key)}), and others are in {places}. Somebody may be listening in, or the host was set up anew.")
        {
            HostName = target.Name,
            Recommendation = $"If the host was set up anew, check the fingerprint there and remove the old key: ssh-keygen -R '{target.KnownHostName}'",
        };
    }

    private static string Fingerprint(byte[] key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');
}
