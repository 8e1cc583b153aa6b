using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>One of the project's hooks, if it has it.</summary>
/// <param name="Hook">The hook's name.</param>
/// <param name="Context">What it is about.</param>
/// <param name="Hosts">The hosts that it is told of.</param>
internal sealed record HookPhase(string Hook, KamalContext Context, ImmutableArray<string> Hosts) : Phase(Title(Hook))
{
    /// <summary>Whether it gets the secrets.</summary>
    public bool WithSecrets { get; init; }

    /// <summary>When that began whose duration it is told; nothing, if null.</summary>
    public Outcome<long>? Since { get; init; }

    /// <summary>The version that it is told, if that is found out only while the plan runs.</summary>
    public Outcome<string>? Version { get; init; }

    public static string Title(string hook) => $"Run the {hook} hook";

    /// <summary>A hook of a deploy: it gets the secrets.</summary>
    public static HookPhase OfDeploy(string hook, KamalContext context) => new(hook, context, context.Selection.Hosts)
    {
        WithSecrets = true,
    };

    public override Task RunAsync(Run run)
    {
        var about = Version is { } known ? Context.WithVersion(run.Get(known)) : Context;
        TimeSpan? runtime = Since is { } began ? run.Context.Clock.GetElapsedTime(run.Get(began)) : null;
        return new HookRunner(run, about).RunAsync(Hook, Hosts, WithSecrets, runtime);
    }

    public override Task ShowAsync(Run run, PlanView view)
    {
        if (HookRunner.Has(Context, Hook)) view.Add(Name);
        return Task.CompletedTask;
    }
}

/// <summary>Runs the project's hooks on this machine, with the environment that Kamal gives them.</summary>
internal sealed class HookRunner(Run run, KamalContext context)
{
    /// <summary>How many of a hook's last lines its error shows.</summary>
    private const int ShownLines = 4;

    private static readonly HookCommand Start = new();

    /// <summary>Runs a hook if the project has it.</summary>
    /// <param name="name">The hook's name.</param>
    /// <param name="hosts">The hosts it is about; those of the selection, if null.</param>
    /// <param name="withSecrets">Whether it gets the secrets.</param>
    /// <param name="runtime">How long the operation took, for post-deploy.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.HookFailed"/>: it failed; the error has its output.</exception>
    public async Task RunAsync(string name, IReadOnlyList<string>? hosts = null, bool withSecrets = false, TimeSpan? runtime = null)
    {
        if (context.Options.SkipHooks || Find(context, name) is not { } file) return;
        var versioned = await context.VersionedAsync(run.Cancellation).ConfigureAwait(false);
        var command = Start.For(file);
        foreach (var (key, value) in context.HookEnvironment) command = command.WithVariable(key, value);
        if (withSecrets)
        {
            foreach (var (key, value) in await SecretsAsync(name).ConfigureAwait(false))
            {
                command = command.WithVariable(key, LocalText.Secret(value));
            }
        }

        foreach (var (key, value) in await VariablesAsync(versioned.Configuration, hosts ?? context.Selection.Hosts,
            runtime).ConfigureAwait(false))
        {
            command = command.WithVariable(key, value);
        }

        run.Sink.Inform($"Running the {name} hook...");
        var shown = IsShown(name);
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
                Recommendation = $"Make {file} executable, and name an interpreter in its first line.",
            };
        }

        if (!result.Succeeded) throw Failure(name, file, result);
    }

    /// <summary>Whether a hook would run.</summary>
    public static bool Has(KamalContext context, string name) => !context.Options.SkipHooks && Find(context, name) is not null;

    private static string? Find(KamalContext context, string name) =>
        Start.FindFile(Path.Combine(context.Configuration.ProjectDirectory, context.Configuration.HooksPath, name));

    private static KamalException Failure(string name, string file, LocalResult result)
    {
        var failure = result.Failure($"The {name} hook failed", KamalErrorId.HookFailed);
        var output = string.Concat((failure.Output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(ShownLines)
            .Select(line => "\n" + line));
        return new(KamalErrorId.HookFailed, string.Create(
            CultureInfo.InvariantCulture, $"The {name} hook failed with exit code {result.ExitCode}.{output}"))
        {
            Command = file,
            ExitCode = result.ExitCode,
            Output = failure.Output,
            Cause = new(CauseName.HookFailed, $"the {name} hook failed")
            {
                Evidence = [.. (failure.Output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(ShownLines)],
                NextStep = $"Fix {file}, or skip hooks with -SkipHooks (--skip-hooks).",
            },
            Recommendation = $"Fix {file}, or skip hooks with -SkipHooks (--skip-hooks).",
        };
    }

    /// <summary>
    /// All secrets. One that fails is empty, as in Kamal: a file may hold what another machine can read. What the configuration names
    /// is an error instead, except in post-deploy: the deploy is finished.
    /// </summary>
    private async Task<IEnumerable<KeyValuePair<string, SecretValue>>> SecretsAsync(string hook)
    {
        var all = await run.Context.Secrets.GetAllAsync(run.Cancellation).ConfigureAwait(false);
        var named = hook == "post-deploy" ? [] : context.Configuration.SecretNames;
        if (all.FirstOrDefault(secret => secret.Failure is not null && named.Contains(secret.Name)) is { } needed) throw needed.Failure!;
        foreach (var failed in all.Where(secret => secret.Failure is not null).GroupBy(secret => secret.Failure!))
        {
            if (!run.FailedSecrets.Add(failed.Key)) continue;
            run.Sink.Warn($"{failed.Key.Message}\nHooks receive it as empty: {string.Join(", ", failed.Select(secret => secret.Name))}.");
        }

        return all.Select(secret => KeyValuePair.Create(secret.Name, secret.Value ?? new("")));
    }

    private async Task<IReadOnlyDictionary<string, string>> VariablesAsync(
        KamalConfiguration configuration, IReadOnlyList<string> hosts, TimeSpan? runtime)
    {
        var variables = new Dictionary<string, string>
        {
            ["KAMAL_RECORDED_AT"] = run.Context.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture),
            ["KAMAL_PERFORMER"] = await run.PerformerAsync().ConfigureAwait(false),
            ["KAMAL_VERSION"] = configuration.RequiredVersion,
            ["KAMAL_SERVICE_VERSION"] = configuration.ServiceVersion,
            ["KAMAL_SERVICE"] = configuration.Service,
            ["KAMAL_HOSTS"] = string.Join(',', hosts),
            ["KAMAL_LOCK"] = run.HoldsLock ? "true" : "false",
            ["KAMAL_COMMAND"] = context.Options.Command,
        };
        if (configuration.Destination is { } destination) variables["KAMAL_DESTINATION"] = destination;
        if (context.Selection.SpecificRoles is { } roles) variables["KAMAL_ROLES"] = string.Join(',', roles.Select(role => role.Name));
        if (runtime is { } took)
        {
            variables["KAMAL_RUNTIME"] = Math.Round(took.TotalSeconds, MidpointRounding.AwayFromZero)
                .ToString(CultureInfo.InvariantCulture);
        }
        return variables;
    }

    private bool IsShown(string name)
    {
        var asked = context.Options.HookOutput;
        if (asked != HookOutput.Default) return asked == HookOutput.Verbose;
        var configured = context.Configuration.HookOutputs.GetValueOrDefault(name, context.Configuration.HookOutput);
        return configured == HookOutput.Verbose;
    }
}
