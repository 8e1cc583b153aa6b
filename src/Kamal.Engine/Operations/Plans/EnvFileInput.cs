using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Operations;

/// <summary>Environment files as input of steps.</summary>
internal static class EnvFileInput
{
    /// <summary>The file of a section's secrets, in Kamal's form.</summary>
    public static async Task<StepInput> ReadAsync(Run run, EnvConfiguration env)
    {
        List<KeyValuePair<string, SecretValue>> pairs = [];
        foreach (var binding in env.Secret)
        {
            pairs.Add(new(binding.Name, await run.Context.Secrets.GetAsync(binding.Key, run.Cancellation).ConfigureAwait(false)));
        }

        return StepInput.Of(EnvFile.Render(pairs), $"{pairs.Count} secret environment variable{(pairs.Count == 1 ? "" : "s")}");
    }

    /// <summary>
    /// Writes an environment file where no boot has written it yet, as on a new host or in a pre-deploy hook. Kamal leaves that to
    /// docker, which then finds no file. One that is there stays: a boot decides what the containers get.
    /// </summary>
    public static async Task<IReadOnlyList<Step>> WriteMissingAsync(Run run, EnvConfiguration env, string path, Func<Step, Step> mark)
    {
        try
        {
            var content = await ReadAsync(run, env).ConfigureAwait(false);
            return [mark(FileSteps.Write("Write the environment file", path, "0600", content)) with
            {
                When = ShellCommand.Of("[", "!", "-e", path, "]"),
            }];
        }
        catch (KamalException error) when (error.Id is KamalErrorId.SecretUnavailable or KamalErrorId.LocalToolMissing)
        {
            // A host that has the file needs no secret of this machine.
            run.Sink.Detail($"{error.Message}\nThe command fails on hosts that do not have {path}.");
            return [];
        }
    }
}
