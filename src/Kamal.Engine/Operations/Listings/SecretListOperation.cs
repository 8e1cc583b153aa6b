using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Reads the project's secrets. Connects to no host.</summary>
/// <param name="names">The secrets; empty for all, in the files' order.</param>
/// <param name="listOnly">Whether all secrets are only listed: the command of one runs when its value is revealed.</param>
public sealed class SecretListOperation(IReadOnlyList<string> names, bool listOnly = false) : IOperation<IReadOnlyList<KamalSecret>>
{
    /// <inheritdoc/>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.SecretUnavailable"/>: one that was asked for by name, or that the configuration names, has no value.
    /// The others were produced before.
    /// </exception>
    public async Task<IReadOnlyList<KamalSecret>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        List<KamalSecret> secrets = [];
        List<KamalException> failures = [];
        if (names.Count > 0) await ReadNamedAsync(context, secrets, failures, cancellationToken).ConfigureAwait(false);
        else if (!listOnly) await ReadAllAsync(context, sink, secrets, failures, cancellationToken).ConfigureAwait(false);
        else secrets.AddRange((await context.Secrets.ListAsync(cancellationToken).ConfigureAwait(false)).Select(secret => new KamalSecret(secret.Key, secret.Value)));
        foreach (var secret in secrets) sink.Produce(secret);
        return failures switch
        {
            [] => secrets,
            [var only] => throw only,
            _ => throw new KamalException(KamalErrorId.SecretUnavailable, string.Join('\n', failures.Select(failure => failure.Message)))
            {
                Causes = [.. failures],
                Recommendation = failures[0].Recommendation,
            },
        };
    }

    private async Task ReadNamedAsync(KamalContext context, List<KamalSecret> secrets, List<KamalException> failures, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            try
            {
                secrets.Add(new(name, await context.Secrets.GetAsync(name, cancellationToken).ConfigureAwait(false)));
            }
            catch (KamalException failure) when (failure.Id is KamalErrorId.SecretUnavailable or KamalErrorId.LocalToolMissing)
            {
                failures.Add(failure);
            }
        }
    }

    private static async Task ReadAllAsync(KamalContext context, IRunSink sink, List<KamalSecret> secrets, List<KamalException> failures, CancellationToken cancellationToken)
    {
        var named = context.Configuration.SecretNames;
        foreach (var secret in await context.Secrets.GetAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (secret.Failure is not { } failure)
            {
                secrets.Add(new(secret.Name, secret.Value));
            }
            else if (named.Contains(secret.Name))
            {
                if (!failures.Contains(failure)) failures.Add(failure);
            }
            else
            {
                sink.Warn(failure.Message);
                secrets.Add(new(secret.Name, new("")));
            }
        }
    }
}
