using Kamal.Common;
using Kamal.Ssh.Agent;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Wire;

namespace Kamal.Ssh.Authentication;

/// <summary>The keys to try for a target, in OpenSSH's order: configured keys in the agent, other keys in the agent, key files.</summary>
internal sealed class KeyCandidates : IAsyncDisposable
{
    private readonly List<LoginKey> _keys = [];
    private readonly List<string> _notes;
    private AgentClient? _agent;

    private KeyCandidates(List<string> notes) => _notes = notes;

    public IReadOnlyList<LoginKey> Keys => _keys;

    /// <summary>Collects the keys.</summary>
        /// <param name="store">Keys that have been read before.</param>
    /// <param name="prompter">Asks for passphrases.</param>
    /// <param name="notes">Gets what could not be used, and why.</param>
    public static async Task<KeyCandidates> CollectAsync(
        SshTarget target, KeyStore store, PassphrasePrompter prompter, List<string> notes, CancellationToken cancellationToken)
    {
        var candidates = new KeyCandidates(notes);
        try
        {
            var fromAgent = await candidates.ListAgentAsync(target, cancellationToken).ConfigureAwait(false);
            var configured = await candidates.ListFilesAsync(target, store, fromAgent, prompter, cancellationToken).ConfigureAwait(false);
            List<LoginKey> plain = [.. configured.Where(key => key is AgentKey)];
            if (!target.IdentitiesOnly) plain.AddRange(fromAgent.Where(key => !plain.Contains(key)));
            plain.AddRange(configured.Where(key => key is not AgentKey));
            candidates.AddWithCertificates(target, plain);
            return candidates;
        }
        catch
        {
            await candidates.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _agent is null ? ValueTask.CompletedTask : _agent.DisposeAsync();

    private async Task<IReadOnlyList<AgentKey>> ListAgentAsync(SshTarget target, CancellationToken cancellationToken)
    {
        foreach (var address in AgentAddress.Candidates(target.IdentityAgent))
        {
            try
            {
                _agent = await AgentClient.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
                var keys = (await _agent.ListAsync(cancellationToken).ConfigureAwait(false))
                    .Select(key => new AgentKey(_agent, key.Blob, key.Comment)).ToList();
                if (keys.Count == 0) _notes.Add($"the agent at {address} holds no keys");
                return keys;
            }
            catch (Exception failure) when (failure is IOException)
            {
                _notes.Add($"no agent answers at {address}" + AgentAddress.Explain(
                    address, Environment.GetEnvironmentVariable, pipe => OperatingSystem.IsWindows() && File.Exists(pipe)));
            }
        }

        if (_notes.Count == 0 && target.IdentityAgent != "none") _notes.Add("there is no agent");
        return [];
    }

    private async Task<List<LoginKey>> ListFilesAsync(
        SshTarget target,
        KeyStore store,
        IReadOnlyList<AgentKey> fromAgent,
        PassphrasePrompter prompter,
        CancellationToken cancellationToken)
    {
        var keys = new List<LoginKey>();
        foreach (var text in target.KeyTexts) await AddAsync(store.FromTextAsync(text, prompter, cancellationToken)).ConfigureAwait(false);
        foreach (var path in target.IdentityFiles.Distinct())
        {
            // A public key file can name a key of the agent, without a private key file.
            var publicFile = path.EndsWith(".pub", StringComparison.Ordinal) ? path : path + ".pub";
            var blob = fromAgent.Count > 0
                && await KeyStore.ReadPublicAsync(publicFile, cancellationToken).ConfigureAwait(false) is { } line
                ? PublicKeyBlob.ReadLine(line)
                : null;
            if (blob is not null && Find(fromAgent, blob) is { } held) keys.Add(held);
            else if (publicFile == path) _notes.Add($"{path} is a public key that the agent does not hold");
            else if (!File.Exists(path)) _notes.Add($"{path} does not exist");
            else await AddAsync(store.FromFileAsync(path, prompter, cancellationToken)).ConfigureAwait(false);
        }

        return keys;

        async Task AddAsync(Task<FileKey> reading)
        {
            try
            {
                var key = await reading.ConfigureAwait(false);
                keys.Add((LoginKey?)Find(fromAgent, key.PublicBlob) ?? key);
            }
            catch (SshClientException failure)
            {
                // As OpenSSH: the next key is tried.
                _notes.Add(failure.Message.TrimEnd('.'));
            }
        }
    }

    private static AgentKey? Find(IEnumerable<AgentKey> keys, byte[] blob) =>
        keys.FirstOrDefault(key => key.PublicBlob.AsSpan().SequenceEqual(blob));

    /// <summary>Puts the certificates of each key before it.</summary>
    private void AddWithCertificates(SshTarget target, List<LoginKey> keys)
    {
        var files = target.CertificateFiles.Concat(target.IdentityFiles.Select(file => file + "-cert.pub")).Distinct();
        var certificates = new List<(string File, UserCertificate Certificate)>();
        foreach (var file in files.Where(File.Exists))
        {
            try
            {
                if (PublicKeyBlob.ReadLine(BoundedFile.ReadText(file, KeyStore.MaxKey)) is { } blob
                    && UserCertificate.Read(blob) is { } certified)
                {
                    certificates.Add((file, certified));
                }
                else _notes.Add($"{file} is not a certificate that can be read");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _notes.Add($"{file} cannot be read: {failure.Message}");
            }
        }

        foreach (var key in keys)
        {
            foreach (var (file, certified) in certificates.Where(
                certificate => certificate.Certificate.Key.AsSpan().SequenceEqual(key.PublicBlob)))
            {
                _keys.Add(new CertifiedKey(key, certified, file));
            }
            _keys.Add(key);
        }
    }
}
