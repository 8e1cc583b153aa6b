using System.Collections.Immutable;
using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Operations;
using Kamal.Engine.Output;
using Kamal.Engine.Secrets;
using Kamal.Loading;
using Kamal.Streams;

namespace Kamal.Sessions;

/// <summary>Runs operations for cmdlets, with a context of the configuration and the ports to hosts, this machine and secrets.</summary>
internal sealed class OperationRunner : IAsyncDisposable
{
    private readonly RunSettings _settings;
    private readonly KamalConfiguration _configuration;
    private readonly LocalRunner _runner;
    private readonly SecretStore _secrets;

    private OperationRunner(RunSettings settings, KamalConfiguration configuration, IRunSink sink)
    {
        _settings = settings;
        _configuration = configuration;
        _runner = new(settings.IsInteractive);
        _secrets = new(
            new(configuration.ProjectDirectory, configuration.SecretsPath, configuration.Destination), _runner,
            environment: Variable, register: settings.Session.Secrets, warn: warning => sink.Warn(warning));
    }

    /// <summary>Loads the configuration and runs an operation, recorded as configured. Only the operation connects to hosts.</summary>
    public static async Task<TResult> RunAsync<TResult>(
        RunSettings settings, Operation<TResult> operation, IRunSink sink, CancellationToken cancellationToken)
    {
        var configuration = await LoadAsync(settings.Request, sink, cancellationToken).ConfigureAwait(false);
        await using var run = new OperationRunner(settings, configuration, sink);
        run.RegisterLiterals();
        foreach (var warning in configuration.Warnings) sink.Warn(warning.ToString());
        await run._secrets.RevealPlainAsync(cancellationToken).ConfigureAwait(false);
        var recorders = settings.RecordName is null ? [] : RunRecorders.Of(configuration.Output, configuration.ProjectDirectory);
        return await RecordedSink.RunAsync(
            await run.IdentityAsync(recorders.IsEmpty, cancellationToken).ConfigureAwait(false),
            recorders, sink, EventGuard.OfProcess(settings.Secrets), TimeProvider.System,
            recorded => run.OperateAsync(operation, recorded, cancellationToken)).ConfigureAwait(false);
    }

    private async Task<TResult> OperateAsync<TResult>(Operation<TResult> operation, IRunSink sink, CancellationToken cancellationToken)
    {
        var journal = new StopJournal(sink, cancellationToken);
        var context = CreateContext(journal);
        if (_settings is { RecordName: not null, IsPreview: false })
        {
            OrphanKnowledge.Remember(_configuration, context.Selection.Hosts, sink);
        }

        try
        {
            return await operation.RunAsync(context, journal, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            journal.Tell(context.Selection.Hosts);
            throw;
        }
    }

    /// <summary>Loads a configuration.</summary>
    public static Task<KamalConfiguration> LoadAsync(ConfigurationRequest request, IRunSink sink, CancellationToken cancellationToken) =>
        Loader(sink).LoadAsync(request, cancellationToken);

    /// <summary>A loader of configurations, which evaluates <c>deploy.ps1</c> on the pipeline thread.</summary>
    public static ConfigurationLoader Loader(IRunSink sink) =>
        new(AdapterLoader.Factory.CreateYamlReader(), new PipelineScript(sink), note: text => sink.Detail(text));

    /// <summary>What a check of the configuration says about the secrets files. Runs no command.</summary>
    public static async Task<IReadOnlyList<string>> CheckSecretsAsync(KamalConfiguration configuration, CancellationToken cancellationToken)
    {
        List<string> found = [];
        using SecretStore secrets = new(
            new(configuration.ProjectDirectory, configuration.SecretsPath, configuration.Destination), new LocalRunner(),
            environment: name => Variable(configuration, name), warn: found.Add);
        try
        {
            found.AddRange(await secrets.FindChangedAsync(configuration.EnvSecretNames, cancellationToken).ConfigureAwait(false));
        }
        catch (KamalException error)
        {
            // A run that wants a secret fails with it; the configuration itself is valid.
            found.AddRange(error.Message.Split('\n'));
        }

        return found;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _secrets.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Registers the secrets that are known without reading a file, before a host or program can print them.</summary>
    private void RegisterLiterals()
    {
        var register = _settings.Session.Secrets;
        register.Publish(LiteralSecrets.PublicWords(_configuration));
        foreach (var (name, value) in LiteralSecrets.Of(_configuration)) register.Add(name, value);
        if (_settings.Password is { } password) register.Add("", password);
    }

    private KamalContext CreateContext(IRunSink sink)
    {
        var access = new HostAccess(_configuration, _secrets)
        {
            Credential = new(_settings.Account, _settings.Password),
            AcceptNewHostKeys = _settings.AcceptNewHostKeys,
            Note = text => sink.Detail(text),
        };
        return new()
        {
            Configuration = _configuration,
            Selection = new(_configuration, _settings.HostNames, _settings.Roles, _settings.PrimaryOnly,
                _settings.MustMatch, _settings.ExcludedHostNames),
            Fleet = _settings.IsPreview ? new PreviewFleet(sink) : CreateFleet(access, sink),
            Local = _settings.IsPreview ? new PreviewLocalRunner(_runner) : _runner,
            Secrets = _settings.IsPreview || !_settings.Request.RunsCommands ? new PreviewSecretStore(_secrets) : _secrets,
            Options = _settings.Options,
            HookEnvironment = _settings.IsPreview ? ImmutableDictionary<string, string>.Empty : HookPath.Environment(sink),
            Redact = text => _settings.Secrets.Redactor.Redact(text),
            Console = _settings.Console,
        };
    }

    private Fleet CreateFleet(HostAccess access, IRunSink sink)
    {
        var resolver = AdapterLoader.Factory.CreateHostResolver(access);
        var questions = new HostQuestions(sink, _settings.IsInteractive, Trace, _settings.Session.Secrets);
        var limits = HostConnectionLimits.From(_configuration.Sshkit);
        return new(_settings.Session.Pool, resolver.ResolveAsync, questions, sink, _settings.ThrottleLimit, limits);
    }

    /// <summary>A variable for the secrets file: one that the template loaded with <c>Dotenv.load</c>, or one of the environment.</summary>
    private string? Variable(string name) => Variable(_configuration, name);

    private static string? Variable(KamalConfiguration configuration, string name) =>
        configuration.LoadedVariables.TryGetValue(name, out var loaded) ? loaded.Reveal() : OperatorVariables.Read(name);

    /// <summary>The severity of messages about connections: <c>log_level</c> shows them by default, the debug stream to its user.</summary>
    private MessageSeverity? Trace =>
        _configuration.Ssh.LogLevel is "debug" or "info" ? MessageSeverity.Information
        : _settings.IsDebug ? MessageSeverity.Debug
        : null;

    private async Task<RunIdentity> IdentityAsync(bool isUnrecorded, CancellationToken cancellationToken)
    {
        var identity = new RunIdentity(_settings.RecordName ?? "", _configuration.Service)
        {
            Destination = _configuration.Destination,
            Version = _configuration.Version,
        };
        if (isUnrecorded) return identity;
        var email = await new Git(_runner, _configuration.ProjectDirectory).EmailAsync(cancellationToken).ConfigureAwait(false);
        return identity with { Performer = email.Length > 0 ? email : Environment.UserName };
    }
}
