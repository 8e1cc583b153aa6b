using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Operations;
using Kamal.Engine.Secrets;
using Kamal.Engine.Ssh;
using Kamal.Loading;
using Kamal.Streams;

namespace Kamal.Sessions;

/// <summary>Puts together what one run works with: configuration, selection, hosts, this machine, secrets.</summary>
internal sealed class RunContext : IAsyncDisposable
{
    private readonly SecretStore _secrets;

    private RunContext(KamalContext context, SecretStore secrets)
    {
        Context = context;
        _secrets = secrets;
    }

    /// <summary>What the operation gets.</summary>
    public KamalContext Context { get; }

    /// <summary>Loads the configuration and prepares the run. Connects to nobody.</summary>
    public static async Task<RunContext> CreateAsync(RunSettings settings, IRunSink sink, CancellationToken cancellationToken)
    {
        var configuration = await LoadAsync(settings.Request, sink, cancellationToken).ConfigureAwait(false);
        var runner = new LocalRunner(settings.IsInteractive);
        var secrets = new SecretStore(new(configuration.ProjectDirectory, configuration.SecretsPath, configuration.Destination), runner);
        var context = new KamalContext
        {
            Configuration = configuration,
            Selection = new(configuration, settings.HostNames, settings.Roles, settings.PrimaryOnly, settings.MustMatch),
            Fleet = settings.IsPreview ? new PreviewFleet(sink) : CreateFleet(settings, configuration, secrets, sink),
            Local = settings.IsPreview ? new PreviewLocalRunner(runner) : runner,
            Secrets = secrets,
            Options = settings.Options,
        };
        return new(context, secrets);
    }

    /// <summary>Loads a configuration.</summary>
    public static Task<KamalConfiguration> LoadAsync(ConfigurationRequest request, IRunSink sink, CancellationToken cancellationToken) =>
        Loader(sink).LoadAsync(request, cancellationToken);

    /// <summary>What loads configurations; <c>deploy.ps1</c> is evaluated on the pipeline thread.</summary>
    public static ConfigurationLoader Loader(IRunSink sink) => new(AdapterLoader.Factory.CreateYamlReader(), new PipelineScript(sink));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _secrets.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Fleet CreateFleet(RunSettings settings, KamalConfiguration configuration, SecretStore secrets, IRunSink sink)
    {
        var options = new SshTargetOptions { AcceptNewHostKeys = settings.AcceptNewHostKeys, Note = text => sink.Detail(text) };
        var targets = new SshTargetResolver(configuration, secrets, options);
        return new(settings.Session.Pool, targets.ResolveAsync, new HostQuestions(sink, settings.IsInteractive), sink, settings.ThrottleLimit);
    }
}
