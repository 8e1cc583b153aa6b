using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Reads the project's secrets, running the commands in their files. Connects to no host.</summary>
/// <param name="names">The secrets; empty for all, in the files' order.</param>
public sealed class SecretListOperation(IReadOnlyList<string> names) : IOperation<IReadOnlyList<KamalSecret>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalSecret>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        List<KamalSecret> secrets = [];
        if (names.Count == 0)
        {
            var all = await context.Secrets.GetAllAsync(cancellationToken).ConfigureAwait(false);
            secrets.AddRange(all.Select(secret => new KamalSecret(secret.Key, secret.Value)));
        }

        foreach (var name in names) secrets.Add(new(name, await context.Secrets.GetAsync(name, cancellationToken).ConfigureAwait(false)));
        foreach (var secret in secrets) sink.Produce(secret);
        return secrets;
    }
}
