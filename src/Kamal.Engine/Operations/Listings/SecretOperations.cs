using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The project's secrets. No host is reached.</summary>
public static class SecretOperations
{
    /// <summary>Reads secrets.</summary>
    /// <param name="names">The secrets, by names or patterns; empty for all, in the files' order.</param>
    /// <param name="listOnly">Whether all secrets are only listed: the command of one runs when its value is revealed.</param>
    /// <exception cref="KamalException">
    /// When it runs: <see cref="KamalErrorId.SecretUnavailable"/>: one that was asked for by name, or that the configuration names, has no
    /// value. The others were produced before.
    /// </exception>
    public static Operation<IReadOnlyList<KamalSecret>> Read(IReadOnlyList<string> names, bool listOnly = false) =>
        Operation.Of<KamalSecret>(_ => Plan.Of(new LocalPhase("Read the secrets", run => ReadAsync(run, names, listOnly))));

    private static async Task ReadAsync(Run run, IReadOnlyList<string> names, bool listOnly)
    {
        List<KamalSecret> secrets = [];
        List<KamalException> failures = [];
        if (names.Count > 0) await ReadNamedAsync(run, names, listOnly, secrets, failures).ConfigureAwait(false);
        else if (!listOnly) await ReadAllAsync(run, secrets, failures).ConfigureAwait(false);
        else
        {
            secrets.AddRange((await run.Context.Secrets.ListAsync(run.Cancellation).ConfigureAwait(false))
                .Select(secret => new KamalSecret(secret.Key, secret.Value)));
        }
        foreach (var secret in secrets) run.Produce(secret);
        if (failures.Count == 0) return;
        throw failures is [var only]
            ? only
            : new KamalException(KamalErrorId.SecretUnavailable, string.Join('\n', failures.Select(failure => failure.Message)))
        {
            Causes = [.. failures],
            Recommendation = failures[0].Recommendation,
        };
    }

    private static async Task ReadNamedAsync(
        Run run, IReadOnlyList<string> names, bool listOnly, List<KamalSecret> secrets, List<KamalException> failures)
    {
        var listed = names.Any(Wildcard.IsPattern) ? await run.Context.Secrets.ListAsync(run.Cancellation).ConfigureAwait(false) : [];
        foreach (var name in names)
        {
            var matching = listed.Where(secret => Wildcard.IsPattern(name) && Wildcard.Matches(name, secret.Key)).ToList();
            if (listOnly) secrets.AddRange(matching.Select(secret => new KamalSecret(secret.Key, secret.Value)));
            foreach (var key in !Wildcard.IsPattern(name) ? [name] : listOnly ? [] : matching.Select(secret => secret.Key))
            {
                try
                {
                    secrets.Add(new(key, await run.Context.Secrets.GetAsync(key, run.Cancellation).ConfigureAwait(false)));
                }
                catch (KamalException failure) when (failure.Id is KamalErrorId.SecretUnavailable or KamalErrorId.LocalToolMissing)
                {
                    failures.Add(failure);
                }
            }
        }
    }

    private static async Task ReadAllAsync(Run run, List<KamalSecret> secrets, List<KamalException> failures)
    {
        var named = run.Context.Configuration.SecretNames;
        foreach (var secret in await run.Context.Secrets.GetAllAsync(run.Cancellation).ConfigureAwait(false))
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
                run.Sink.Warn(failure.Message);
                secrets.Add(new(secret.Name, new("")));
            }
        }
    }
}
