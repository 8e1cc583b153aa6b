using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>Logging in to a registry, on hosts and here; the password is always standard input, and a host logs in once a run.</summary>
internal sealed class LoginSteps(Run run)
{
    /// <summary>The step that logs a host in, or none if the registry is local or the host is logged in already.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="when">The test on a host that tells whether it needs the login; null for always.</param>
    public async Task<Func<string, IEnumerable<Step>>> OnHostsAsync(RegistryConfiguration registry, Func<string, ShellCommand>? when = null)
    {
        if (await CredentialsAsync(registry).ConfigureAwait(false) is not { } credentials) return _ => [];
        var input = StepInput.Of(credentials.Password.Reveal(), "the registry's password");
        var username = registry.Username?.SecretName is null
            ? ShellWord.Literal(credentials.Username.Reveal())
            : ShellWord.Redacted(credentials.Username.Reveal());
        var step = new Step("Log in to the registry", RegistryCommands.Login(registry, username).DiscardOutput())
        {
            Input = input,
            Recommendation = "Check registry.username and registry.password, and that the host reaches the registry.",
        };
        return host => run.LoggedIn.Add((host, registry.Server)) ? [step with { When = when?.Invoke(host) }] : [];
    }

    /// <summary>The steps that log hosts in.</summary>
    public static Steps Of(RegistryConfiguration registry, Func<string, ShellCommand>? when = null) =>
        new(run => new LoginSteps(run).OnHostsAsync(registry, when));

    /// <summary>Logs this machine in.</summary>
    public async Task HereAsync(RegistryConfiguration registry)
    {
        if (await CredentialsAsync(registry).ConfigureAwait(false) is not { } credentials) return;
        if (!run.LoggedIn.Add(("", registry.Server))) return;
        var command = LocalCommand.Of("docker", "login");
        if (registry.Server is { } server) command = command.Add(server);
        var username = registry.Username?.SecretName is null
            ? LocalText.Plain(credentials.Username.Reveal())
            : LocalText.Secret(credentials.Username);
        command = command.Add("-u", username, "--password-stdin") with
        {
            Input = StepInput.Of(credentials.Password.Reveal(), "the registry's password"),
        };
        var result = await run.LocalAsync(command).ConfigureAwait(false);
        if (result.Succeeded) return;
        // docker logs in by itself where its engine does not run, and then fails with what has nothing to do with that.
        var asked = await run.LocalAsync(LocalCommand.ReadOnly("docker", "version")).ConfigureAwait(false);
        LocalTools.EnsureSucceeded(asked.Succeeded ? result : asked, "This machine could not log in to the registry");
    }

    /// <summary>What to log in with; null where no login is needed.</summary>
    public async Task<(SecretValue Username, SecretValue Password)?> CredentialsAsync(RegistryConfiguration registry)
    {
        if (registry.IsLocal || registry.IsNone) return null;
        return (await ValueAsync(registry.Username, "username").ConfigureAwait(false),
            await ValueAsync(registry.Password, "password").ConfigureAwait(false));
    }

    private async Task<SecretValue> ValueAsync(CredentialValue? credential, string key)
    {
        if (credential?.Literal is { } literal) return literal;
        if (credential?.SecretName is { } name) return await run.Context.Secrets.GetAsync(name, run.Cancellation).ConfigureAwait(false);
        throw new KamalException(KamalErrorId.ConfigurationInvalid, $"The registry has no {key} to log in with.");
    }
}
