using Kamal.Engine.Configuration;
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
}
