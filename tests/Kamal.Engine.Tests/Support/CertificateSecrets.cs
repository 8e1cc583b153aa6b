using Kamal.Engine.Secrets;

namespace Kamal.Engine.Tests.Support;

/// <summary>Two certificates as the secrets CERT, KEY, CERT2 and KEY2; the value of any other secret is its name.</summary>
internal sealed class CertificateSecrets : ISecretStore
{
    private static readonly (string Certificate, string Key)[] Pairs = [TestCertificates.Create(), TestCertificates.Create()];

    public static string Of(string name) => name switch
    {
        "CERT" => Pairs[0].Certificate,
        "KEY" => Pairs[0].Key,
        "CERT2" => Pairs[1].Certificate,
        "KEY2" => Pairs[1].Key,
        _ => name,
    };

    public Task<SecretValue> GetAsync(string name, CancellationToken cancellationToken) => Task.FromResult(new SecretValue(Of(name)));

    public Task<IReadOnlyList<SecretResult>> GetAllAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SecretResult>>([]);

    public Task<IReadOnlyList<KeyValuePair<string, SecretValue>>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KeyValuePair<string, SecretValue>>>([]);
}
