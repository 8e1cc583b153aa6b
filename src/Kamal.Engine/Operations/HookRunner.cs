using System.Globalization;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Operations;

/// <summary>Runs the project's hooks on this machine, with the environment that Kamal gives them.</summary>
/// <param name="run">The operation.</param>
internal sealed class HookRunner(OperationRun run)
{
    /// <summary>Runs a hook if the project has it.</summary>
    /// <param name="name">The hook's name.</param>
    /// <param name="hosts">The hosts it is about; those of the selection, if null.</param>
    /// <param name="withSecrets">Whether it gets the secrets.</param>
    /// <param name="runtime">How long the operation took, for post-deploy.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.HookFailed"/>: it failed; the error has its output.</exception>
    public async Task RunAsync(string name, IReadOnlyList<string>? hosts = null, bool withSecrets = false, TimeSpan? runtime = null)
    {
        if (run.Context.Options.SkipHooks || FindHook(name) is not { } file) return;
        var versioned = await run.WithResolvedVersionAsync().ConfigureAwait(false);
        var command = Command(file);
        foreach (var (key, value) in run.Context.HookEnvironment) command = command.WithVariable(key, value);
        if (withSecrets)
        {
            foreach (var (key, value) in await SecretsAsync(name).ConfigureAwait(false))
            {
                command = command.WithVariable(key, LocalText.Secret(value));
            }
        }

        foreach (var (key, value) in await VariablesAsync(versioned, hosts ?? run.Selection.Hosts, runtime).ConfigureAwait(false))
        {
            command = command.WithVariable(key, value);
        }

        run.Sink.Inform($"Running the {name} hook...");
        var shown = Shown(name);
        var lines = new LineSink(line =>
            run.Sink.Emit(new OutputReceived(name, line.Text) { IsError = line.Stream == LocalStream.Error, IsDetail = !shown }));
        LocalResult result;
        try
        {
            result = await run.LocalAsync(command, lines).ConfigureAwait(false);
        }
        catch (KamalException error) when (error.Id is KamalErrorId.LocalCommandFailed or KamalErrorId.LocalToolMissing)
        {
            throw new KamalException(KamalErrorId.HookFailed, $"The {name} hook could not be started: {error.Message}", error)
            {
                Recommendation = $"Is {file} executable, and does its first line name an interpreter?",
            };
        }

        if (!result.Succeeded)
        {
            var failure = result.Failure($"The {name} hook failed", KamalErrorId.HookFailed);
            throw new KamalException(KamalErrorId.HookFailed, $"The {name} hook failed with exit code {result.ExitCode.ToString(CultureInfo.InvariantCulture)}.{(failure.Output is { Length: > 0 } output ? "\n" + output : "")}")
            {
                Command = file,
                ExitCode = result.ExitCode,
                Output = failure.Output,
                Recommendation = $"Fix {file}, or skip hooks with -SkipHooks (--skip-hooks).",
            };
        }
    }

    /// <summary>Whether a hook would run.</summary>
    /// <param name="name">The hook's name.</param>
    public bool Has(string name) => !run.Context.Options.SkipHooks && FindHook(name) is not null;

    /// <summary>A hook's file: its bare name, or its name with <c>.ps1</c>, which alone works on Windows.</summary>
    private string? FindHook(string name)
    {
        var path = Path.Combine(run.Configuration.ProjectDirectory, run.Configuration.HooksPath, name);
        var script = path + ".ps1";
        if (OperatingSystem.IsWindows()) return File.Exists(script) ? script : File.Exists(path) ? path : null;
        return File.Exists(path) ? path : File.Exists(script) ? script : null;
    }

    private static LocalCommand Command(string file) =>
        file.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) ? LocalCommand.Of("pwsh", "-NoProfile", "-NonInteractive", "-File", file)
        : NeedsShell(file) ? LocalCommand.Of("sh", file)
        : LocalCommand.Of(file);

    /// <summary>
    /// Whether a file can be executed but names no interpreter, as without <c>#!</c> or with a byte order mark before it. The system
    /// refuses it, and Kamal's <c>env</c> then has <c>sh</c> run it.
    /// </summary>
    private static bool NeedsShell(string file)
    {
        if (OperatingSystem.IsWindows()) return false;
        try
        {
            if ((File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0) return false;
            using var stream = File.OpenRead(file);
            Span<byte> start = stackalloc byte[128];
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            // A program has zeros among its first bytes, a script has none.
            return !start.StartsWith("#!"u8) && !start.Contains((byte)0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Starting it gives the error.
            return false;
        }
    }

    /// <summary>
    /// All secrets. One that fails is empty, as in Kamal: a file may hold what another machine can read. What the configuration names
    /// is an error instead, except in post-deploy: the deploy is finished.
    /// </summary>
    private async Task<IEnumerable<KeyValuePair<string, SecretValue>>> SecretsAsync(string hook)
    {
        var all = await run.Context.Secrets.GetAllAsync(run.Cancellation).ConfigureAwait(false);
        var named = hook == "post-deploy" ? [] : run.Configuration.SecretNames;
        if (all.FirstOrDefault(secret => secret.Failure is not null && named.Contains(secret.Name)) is { } needed) throw needed.Failure!;
        foreach (var failed in all.Where(secret => secret.Failure is not null).GroupBy(secret => secret.Failure!))
        {
            if (run.Context.State.FailedSecrets.Add(failed.Key)) run.Sink.Warn($"{failed.Key.Message}\nHooks receive it as empty: {string.Join(", ", failed.Select(secret => secret.Name))}.");
        }

        return all.Select(secret => KeyValuePair.Create(secret.Name, secret.Value ?? new("")));
    }

    private async Task<IReadOnlyDictionary<string, string>> VariablesAsync(OperationRun versioned, IReadOnlyList<string> hosts, TimeSpan? runtime)
    {
        var configuration = versioned.Configuration;
        var options = run.Context.Options;
        var variables = new Dictionary<string, string>
        {
            ["KAMAL_RECORDED_AT"] = run.Context.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["KAMAL_PERFORMER"] = await run.PerformerAsync().ConfigureAwait(false),
            ["KAMAL_VERSION"] = configuration.RequiredVersion,
            ["KAMAL_SERVICE_VERSION"] = configuration.ServiceVersion,
            ["KAMAL_SERVICE"] = configuration.Service,
            ["KAMAL_HOSTS"] = string.Join(',', hosts),
            ["KAMAL_LOCK"] = run.Context.State.HoldingLock ? "true" : "false",
            ["KAMAL_COMMAND"] = options.Command,
        };
        if (configuration.Destination is { } destination) variables["KAMAL_DESTINATION"] = destination;
        if (run.Selection.SpecificRoles is { } roles) variables["KAMAL_ROLES"] = string.Join(',', roles.Select(role => role.Name));
        if (runtime is { } took) variables["KAMAL_RUNTIME"] = Math.Round(took.TotalSeconds, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture);
        return variables;
    }

    private bool Shown(string name)
    {
        var asked = run.Context.Options.HookOutput;
        if (asked != HookOutput.Default) return asked == HookOutput.Verbose;
        var configured = run.Configuration.HookOutputs.GetValueOrDefault(name, run.Configuration.HookOutput);
        return configured == HookOutput.Verbose;
    }
}
