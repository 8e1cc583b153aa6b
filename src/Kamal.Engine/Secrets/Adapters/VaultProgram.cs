using System.Text.Json;
using Kamal.Engine.Local;

namespace Kamal.Engine.Secrets.Adapters;

/// <summary>The command line program of a password manager.</summary>
/// <param name="runner">Runs it.</param>
/// <param name="program">Its name.</param>
/// <param name="title">The password manager's name.</param>
/// <param name="directory">The directory it starts in.</param>
internal sealed class VaultProgram(ILocalRunner runner, string program, string title, string? directory)
{
    /// <summary>The password manager's name.</summary>
    public string Title => title;

    /// <summary>Runs it where it may ask the operator something.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<LocalResult> RunAsync(IEnumerable<LocalText> arguments, CancellationToken cancellationToken) =>
        RunAsync(arguments, LocalTerminal.Prompt, null, cancellationToken);

    /// <summary>Runs it to look whether something is so; it asks nothing.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<LocalResult> CheckAsync(IEnumerable<LocalText> arguments, CancellationToken cancellationToken) =>
        RunAsync(arguments, LocalTerminal.None, null, cancellationToken);

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="terminal">How much of the terminal it gets.</param>
    /// <param name="variable">An environment variable for it, such as a session, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.LocalToolMissing"/>: it is not installed.</exception>
    public async Task<LocalResult> RunAsync(
        IEnumerable<LocalText> arguments, LocalTerminal terminal, (
            string Name, SecretValue Value)? variable, CancellationToken cancellationToken)
    {
        var command = new LocalCommand
        {
            FileName = program,
            Arguments = [.. arguments],
            WorkingDirectory = directory,
            Effect = StepEffect.ReadOnly,
            Terminal = terminal,
            HasSecretOutput = true,
        };
        if (variable is { } set) command = command.WithVariable(set.Name, LocalText.Secret(set.Value));
        try
        {
            return await runner.RunAsync(command, lines: null, cancellationToken).ConfigureAwait(false);
        }
        catch (KamalException exception) when (exception.Id == KamalErrorId.LocalToolMissing)
        {
            throw new KamalException(
                KamalErrorId.LocalToolMissing,
                $"The {title} CLI is not installed on this machine: there is no {program} in PATH.", exception)
            {
                Command = command.Display,
                Recommendation = $"Install {program} and sign in with it once.",
            };
        }
    }

    /// <summary>What it printed, as JSON.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="what">What was asked for.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.SecretUnavailable"/>: it failed, or printed something else.</exception>
    public JsonDocument Json(LocalResult result, string what)
    {
        if (!result.Succeeded) throw CouldNotRead(result, what);
        return SecretsJson.Parse(result.ReadOutput(), $"what {program} printed for {what}");
    }

    /// <summary>The error for something that it did not give.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="what">What was asked for.</param>
    public KamalException CouldNotRead(LocalResult result, string what) =>
        result.Failure($"Could not read {what} from {title}", KamalErrorId.SecretUnavailable);

    /// <summary>The error for a sign-in that failed.</summary>
    /// <param name="result">How it ended.</param>
    public KamalException CouldNotSignIn(LocalResult result) =>
        result.Failure($"Failed to log in to {title}", KamalErrorId.SecretUnavailable);

    /// <summary>An error of the password manager.</summary>
    /// <param name="message">What is wrong.</param>
    public static KamalException Unavailable(string message) => new(KamalErrorId.SecretUnavailable, message);
}
