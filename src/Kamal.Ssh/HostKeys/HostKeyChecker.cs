using System.Collections.Concurrent;
using Kamal.Common;
using Kamal.Ssh.Algorithms;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Wire;
using Renci.SshNet;
using Renci.SshNet.Security;

namespace Kamal.Ssh.HostKeys;

/// <summary>Decides whether a host's key is trusted, and adds new ones to known_hosts. Asks one question at a time.</summary>
/// <param name="hints">What recommendations name.</param>
/// <param name="read">Reads a known_hosts file; null for the file system.</param>
internal sealed class HostKeyChecker(SshHints hints, Func<string, string>? read = null)
{
    private readonly ConcurrentDictionary<string, (long Stamp, KnownHosts Hosts)> _files = new();
    private readonly ConcurrentDictionary<(string Name, string Key), bool> _accepted = new();
    private readonly AsyncLock _asking = new();

    /// <summary>Prefers the host key algorithms whose keys are known, so that the server presents a key that can be compared.</summary>
    /// <param name="algorithms">What is offered.</param>
    /// <param name="certificates">Whether the host may show a certificate at all.</param>
    public void Order(SshTarget target, IOrderedDictionary<string, Func<byte[], KeyHostAlgorithm>> algorithms, bool certificates)
    {
        if (certificates && target.HostKeyAlgorithms is { Length: > 0 } wish && wish[0] is not ('+' or '-' or '^')) return;
        var hosts = Load(target);
        var known = hosts.About(target.KnownHostName).ToList();
        // A certificate cannot be verified without a known certificate authority.
        certificates = certificates && known.Concat(BareName(target) is { } bare
            ? hosts.About(bare)
            : []).Any(entry => entry.Marker == KnownHostsMarker.CertificateAuthority);
        if (!certificates)
        {
            foreach (var name in algorithms.Keys.Where(IsCertificate).ToList()) algorithms.Remove(name);
        }

        var types = known.Where(entry => entry.Marker == KnownHostsMarker.None).Select(entry => entry.KeyType).ToHashSet();
        AlgorithmSelection.Prefer(algorithms, name => types.Contains(AlgorithmSelection.KeyTypeOf(name)));
        AlgorithmSelection.Prefer(algorithms, IsCertificate);
    }

    /// <summary>Whether the certificate authority that signed a host's certificate is revoked.</summary>
    public bool IsAuthorityRevoked(SshTarget target, Certificate certificate) =>
        Load(target).CheckAuthority(target.KnownHostName, certificate.CertificateAuthorityKey) == HostKeyVerdict.Revoked;

    /// <summary>Whether the key that a host presents is trusted.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="certificate">Its certificate, with a valid signature and validity period, if it presented one.</param>
    public HostKeyVerdict Decide(SshTarget target, byte[] key, Certificate? certificate)
    {
        var known = Load(target);
        var name = target.KnownHostName;
        var bare = BareName(target);
        if (target.RevokedHostKeysFiles.Any(file => IsListed(file, key))) return HostKeyVerdict.Revoked;
        if (certificate is not null)
        {
            var authority = known.CheckAuthority(name, certificate.CertificateAuthorityKey);
            if (authority == HostKeyVerdict.Revoked || known.Check(name, key) == HostKeyVerdict.Revoked) return HostKeyVerdict.Revoked;
            if (authority == HostKeyVerdict.Unknown && bare is not null)
            {
                authority = known.CheckAuthority(bare, certificate.CertificateAuthorityKey);
            }
            if (authority == HostKeyVerdict.Known && IsFor(certificate, target)) return authority;
        }

        var verdict = known.Check(name, key);
        if (verdict != HostKeyVerdict.Unknown) return verdict;
        if (bare is not null && known.Check(bare, key) == HostKeyVerdict.Known) return HostKeyVerdict.Known;
        return _accepted.ContainsKey((name, Convert.ToBase64String(key))) ? HostKeyVerdict.Known : verdict;
    }

    /// <summary>Asks whether an unknown key is to be trusted, and remembers it; returns if it is.</summary>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.HostKeyUnknown"/>: it is not trusted.</exception>
    public async Task AskAsync(
        SshTarget target, byte[] key, string? certificateTrouble, ISshInteraction interaction, CancellationToken cancellationToken)
    {
        await _asking.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another connection may have asked meanwhile.
            var verdict = Decide(target, key, null);
            if (verdict == HostKeyVerdict.Known) return;
            if (verdict != HostKeyVerdict.Unknown) throw Refuse(target, key, verdict);
            // Only the files tell whether a key is new.
            var accepted = (target.HostKeyChecking == StrictHostKeyChecking.AcceptNew && Unreadable(target).Count == 0)
                || target.HostKeyChecking == StrictHostKeyChecking.No
                || (target.HostKeyChecking == StrictHostKeyChecking.Ask
                    && await interaction.ConfirmHostKeyAsync(
                        target.Name, PublicKeyBlob.TypeOf(key)!, PublicKeyBlob.Fingerprint(key), cancellationToken).ConfigureAwait(false));
            if (!accepted) throw Unknown(target, key, certificateTrouble);
            if (target.UserKnownHostsFiles.FirstOrDefault() is { } file && file != "/dev/null")
            {
                await RememberAsync(file, target, key, interaction, cancellationToken).ConfigureAwait(false);
            }
            _accepted.TryAdd((target.KnownHostName, Convert.ToBase64String(key)), true);
        }
        finally
        {
            _asking.Exit();
        }
    }

    /// <summary>As OpenSSH: a host on a port other than 22 may be listed by its name alone.</summary>
    private static string? BareName(SshTarget target) =>
        target.HostKeyAlias is null && target.Port != 22 ? target.Address.ToLowerInvariant() : null;

    private static bool IsCertificate(string algorithm) =>
        algorithm.EndsWith(AlgorithmSelection.CertificateSuffix, StringComparison.Ordinal);

    /// <summary>
    /// Whether a certificate is for a host: principals are compared literally, and a certificate without principals is for all,
    /// as in OpenSSH.
    /// </summary>
    private static bool IsFor(Certificate certificate, SshTarget target)
    {
        var host = target.HostKeyAlias ?? target.Address.ToLowerInvariant();
        return certificate.Type == Certificate.CertificateType.Host
            && certificate.CriticalOptions.Count == 0
            && (certificate.ValidPrincipals.Count == 0 || certificate.ValidPrincipals.Contains(host));
    }

    /// <summary>Whether a file of bare public keys holds this one.</summary>
    private static bool IsListed(string file, byte[] key)
    {
        if (file == "none") return false;
        try
        {
            return BoundedFile.ReadText(file, BoundedFile.SettingsLimit).Split('\n')
                .Any(line => PublicKeyBlob.ReadLine(line) is { } listed && listed.AsSpan().SequenceEqual(key));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // As OpenSSH: a list that cannot be read revokes every key.
            return true;
        }
    }

    private KnownHosts Load(SshTarget target)
    {
        List<KnownHosts> found = [];
        foreach (var file in target.UserKnownHostsFiles.Concat(target.GlobalKnownHostsFiles))
        {
            var info = new FileInfo(file);
            if (!info.Exists) continue;
            var stamp = HashCode.Combine(info.LastWriteTimeUtc.Ticks, info.Length);
            if (!_files.TryGetValue(file, out var cached) || cached.Stamp != stamp)
            {
                var failed = false;
                cached = (stamp, KnownHosts.Load([file], _ => failed = true, read));
                if (!failed) _files[file] = cached;
            }

            found.Add(cached.Hosts);
        }

        // Usually there is one file, which is read for every host: it is not copied.
        return found.Count == 1 ? found[0] : new KnownHosts([.. found.SelectMany(hosts => hosts.Entries)]);
    }

    /// <summary>As OpenSSH: a file that cannot be written, as in a read-only home directory, does not stop a trusted connection.</summary>
    private static async Task RememberAsync(
        string file, SshTarget target, byte[] key, ISshInteraction interaction, CancellationToken cancellationToken)
    {
        try
        {
            await KnownHostsWriter.AddAsync(
                file, KnownHostsWriter.Line(target.KnownHostName, key, target.HashKnownHosts), cancellationToken).ConfigureAwait(false);
        }
        catch (SshClientException failure) when (failure.Reason == SshFailureReason.FileUnavailable)
        {
            interaction.Warn($"{target.Name}: its host key is trusted for this session only. {failure.Message}");
        }
    }

    private List<string> Unreadable(SshTarget target)
    {
        List<string> unreadable = [];
        KnownHosts.Load(target.UserKnownHostsFiles.Concat(target.GlobalKnownHostsFiles), unreadable.Add, read);
        return unreadable;
    }

    private SshClientException Unknown(SshTarget target, byte[] blob, string? certificateTrouble)
    {
        List<string?> unreadable = [.. Unreadable(target)];
        var line = KnownHostsWriter.Line(target.KnownHostName, blob, hash: false);
        var file = target.UserKnownHostsFiles.FirstOrDefault() ?? "~/.ssh/known_hosts";
        return new SshClientException(
            SshFailureReason.HostKeyUnknown,
            $"{target.Name}: the host key {PublicKeyBlob.Fingerprint(blob)} ({PublicKeyBlob.TypeOf(blob)}) of {target.KnownHostName} "
            + "is not known."
            + string.Concat(unreadable.Append(certificateTrouble).Where(text => text is not null).Select(text => " " + text)))
        {
            HostName = target.Name,
            Recommendation = $"Compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub there). "
                + $"If it is right, add this line to {file}, or {hints.AcceptNewHostKey}: {line}",
        };
    }

    /// <summary>The refusal of a key that is not the known one.</summary>
    public SshClientException Refuse(SshTarget target, byte[] blob, HostKeyVerdict verdict)
    {
        var type = PublicKeyBlob.TypeOf(blob);
        if (verdict == HostKeyVerdict.Revoked)
        {
            return new SshClientException(SshFailureReason.HostKeyChanged,
                $"{target.Name}: the host key {PublicKeyBlob.Fingerprint(blob)} ({type}) of {target.KnownHostName} has been revoked.")
            {
                HostName = target.Name,
                Recommendation = "Do not connect to this host before its keys have been replaced.",
            };
        }

        var places = string.Join(", ", Load(target).About(target.KnownHostName)
            .Where(entry => entry.Marker == KnownHostsMarker.None).Select(entry => $"{entry.File}:{entry.Line}"));
        return new SshClientException(
            SshFailureReason.HostKeyChanged,
            $"{target.Name}: the host key of {target.KnownHostName} has changed. It is now {PublicKeyBlob.Fingerprint(blob)} "
            + $"({type}); other keys are in {places}. Someone may be intercepting the connection, or the host was reinstalled.")
        {
            HostName = target.Name,
            Recommendation = $"If the host was reinstalled, check its fingerprint there and remove the old keys: "
                + $"ssh-keygen -R '{target.KnownHostName}'",
        };
    }
}
