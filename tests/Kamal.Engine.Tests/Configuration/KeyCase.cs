using System.Collections;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>What one documented key does: a good value with its effect, a bad value with its message.</summary>
public sealed record KeyCase(string Good, Func<KamalConfiguration, object?> Effect, string Expected, string Bad, string Message)
{
    /// <summary>Lines to put around the value instead of the section's usual ones; <c>@</c> is the value.</summary>
    public string? Lines { get; init; }

    public static string Show(object? value) => value switch
    {
        null => "nothing",
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.TotalSeconds + "s",
        EnvVariable variable => variable.Value is null ? variable.Name : $"{variable.Name}={variable.Value}",
        DockerOption option => option.Value is null ? $"--{option.Name}" : $"--{option.Name} {option.Value}",
        SecretBinding binding => $"{binding.Name}<{binding.Key}",
        CredentialValue credential =>
            credential.SecretName is null ? $"literal {credential.Literal!.Reveal()}" : $"secret {credential.SecretName}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Show))}]",
        _ => value.ToString()!,
    };
}
