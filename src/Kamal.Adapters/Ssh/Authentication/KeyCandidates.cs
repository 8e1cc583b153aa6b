using Kamal.Engine.Ssh;

namespace Kamal.Adapters.Ssh.Authentication;

/// <summary>The keys to try for a target, in OpenSSH's order: configured keys that the agent holds, what else it holds, key files.</summary>
internal sealed class KeyCandidates : IAsyncDisposable
{
    private readonly List<LoginKey> _keys = [];
    private readonly List<string> _notes;
    private SshAgentClient? _agent;

    private KeyCandidates(List<string> notes) => _notes = notes;

    public IReadOnlyList<LoginKey> Keys => _keys;

    /// <summary>Collects them.</summary>
    /// <param name="target">For whom.</param>
    /// <param name="store">Keys that have been read before.</param>
    /// <param name="prompter">Asks for passphrases.</param>
    /// <param name="notes">Gets what could not be used and why.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<KeyCandidates> CollectAsync(SshTarget target, KeyStore store, PassphrasePrompter prompter, List<string> notes, CancellationToken cancellationToken)
    {
        var candidates = new KeyCandidates(notes);
        try
        {
            var fromAgent = await candidates.ListAgentAsync(target, cancellationToken);
            var configured = await candidates.ListFilesAsync(target, store, fromAgent, prompter, cancellationToken);
            List<LoginKey> plain = [.. configured.Where(key => key is AgentKey)];
            if (!target.IdentitiesOnly) plain.AddRange(fromAgent.Where(key => !plain.Contains(key)));
            plain.AddRange(configured.Where(key => key is not AgentKey));
            candidates.AddWithCertificates(target, plain);
            return candidates;
        }
        catch
        {
            await candidates.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _agent is null ? ValueTask.CompletedTask : _agent.DisposeAsync();

    private async Task<IReadOnlyList<AgentKey>> ListAgentAsync(SshTarget target, CancellationToken cancellationToken)
    {
        foreach (var address in AgentAddresses(target.IdentityAgent))
        {
            try
            {
                _agent = await SshAgentClient.ConnectAsync(address, cancellationToken);
                var keys = await _agent.ListAsync(cancellationToken);
                if (keys.Count == 0) _notes.Add($"the agent at {address} holds no keys");
                return keys;
            }
            catch (Exception failure) when (failure is IOException)
            {
                _notes.Add($"no agent answers at {address}");
            }
        }

        return [];
    }

    private async Task<List<LoginKey>> ListFilesAsync(SshTarget target, KeyStore store, IReadOnlyList<AgentKey> fromAgent, PassphrasePrompter prompter, CancellationToken cancellationToken)
    {
        var keys = new List<LoginKey>();
        for (var i = 0; i < target.KeyData.Length; i++) Add(await store.FromTextAsync(i, target.KeyData[i].Reveal(), prompter, cancellationToken));
        foreach (var path in target.IdentityFiles.Distinct())
        {
            // A public key names one of the agent's, and its private part need not be here.
            var publicFile = path.EndsWith(".pub", StringComparison.Ordinal) ? path : path + ".pub";
            var blob = File.Exists(publicFile) && fromAgent.Count > 0 ? FileKey.ReadPublicLine(await File.ReadAllTextAsync(publicFile, cancellationToken)) : null;
            if (blob is not null && Find(fromAgent, blob) is { } held) keys.Add(held);
            else if (publicFile == path) _notes.Add($"{path} is a public key that the agent does not hold");
            else if (!File.Exists(path)) _notes.Add($"{path} does not exist");
            else Add(await store.FromFileAsync(path, prompter, cancellationToken));
        }

        return keys;

        void Add(FileKey? key)
        {
            if (key is null) _notes.Add("a key's passphrase was not given");
            else keys.Add((LoginKey?)Find(fromAgent, key.PublicBlob) ?? key);
        }
    }

    private static AgentKey? Find(IEnumerable<AgentKey> keys, byte[] blob) => keys.FirstOrDefault(key => key.PublicBlob.AsSpan().SequenceEqual(blob));

    /// <summary>Puts before each key the certificates that are for it.</summary>
    private void AddWithCertificates(SshTarget target, List<LoginKey> keys)
    {
        var files = target.CertificateFiles.Concat(target.IdentityFiles.Select(file => file + "-cert.pub")).Distinct();
        var certificates = new List<(string File, byte[] Blob, byte[] Key)>();
        foreach (var file in files.Where(File.Exists))
        {
            try
            {
                if (FileKey.ReadPublicLine(File.ReadAllText(file)) is { } blob && CertifiedKeyOf(blob) is { } certified) certificates.Add((file, blob, certified));
                else _notes.Add($"{file} is not a certificate that can be read");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _notes.Add($"{file} cannot be read: {failure.Message}");
            }
        }

        foreach (var key in keys)
        {
            _keys.AddRange(certificates.Where(certificate => certificate.Key.AsSpan().SequenceEqual(key.PublicBlob)).Select(certificate => new CertifiedKey(key, certificate.Blob, certificate.File)));
            _keys.Add(key);
        }
    }

    /// <summary>The plain key that a certificate is for, or null if it is none.</summary>
    private static byte[]? CertifiedKeyOf(byte[] certificate)
    {
        try
        {
            var reader = new SshReader(certificate);
            var type = reader.Text();
            var end = type.IndexOf("-cert-v01@openssh.com", StringComparison.Ordinal);
            if (end < 0) return null;
            var plainType = type[..end];
            reader.Bytes();
            var fields = plainType switch { "ssh-ed25519" => 1, "ssh-rsa" => 2, _ when plainType.StartsWith("ecdsa-", StringComparison.Ordinal) => 2, _ => 0 };
            if (fields == 0) return null;
            var key = new SshWriter().Text(plainType);
            for (; fields > 0; fields--) key.Bytes(reader.Bytes());
            return key.ToArray();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Where an agent may listen, as ssh_config's <c>IdentityAgent</c> and the environment say.</summary>
    public static IReadOnlyList<string> AgentAddresses(string? identityAgent) =>
        AgentAddress.Candidates(identityAgent, Environment.GetEnvironmentVariable, ListPipes);

    private static IEnumerable<string> ListPipes() => OperatingSystem.IsWindows() ? Directory.EnumerateFiles(@"\\.\pipe\") : [];
}
