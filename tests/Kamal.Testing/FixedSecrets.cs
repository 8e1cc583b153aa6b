using Kamal.Engine.Secrets;

namespace Kamal.Testing;

/// <summary>Every secret is its own name in lower case, with a mark that no output may show.</summary>
internal sealed class FixedSecrets : ISecretStore
{
    public const string Mark = "s3cr3t-";

    public Task<SecretValue> GetAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(new SecretValue(Mark + name.ToLowerInvariant()));

    public Task<IReadOnlyList<SecretResult>> GetAllAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SecretResult>>([]);

    public Task<IReadOnlyList<KeyValuePair<string, SecretValue>>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KeyValuePair<string, SecretValue>>>([]);
}
