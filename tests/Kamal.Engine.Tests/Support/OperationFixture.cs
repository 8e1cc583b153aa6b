using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Secrets;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Support;

/// <summary>A project and the machine and hosts around it, on which operations run without reaching anything.</summary>
internal sealed class OperationFixture : IDisposable
{
    private readonly ConfigurationFixture _files = new();

    private readonly string? _version;

    /// <summary>Makes a project.</summary>
    /// <param name="version">The version given; null leaves it to git.</param>
    public OperationFixture(string? version = "v1")
    {
        _version = version;
        Fleet = new(Sink);
    }

    public RecordingSink Sink { get; } = new();

    public RecordingFleet Fleet { get; }

    public RecordingRunner Local { get; init; } = new();

    public IInteractiveConsole? Console { get; set; }

    public ISecretStore Secrets { get; set; } = new FixedSecrets();

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public RunOptions Options { get; set; } = new() { LockHeldByCaller = false };

    /// <summary>The registries that this machine's Docker has a login for.</summary>
    public HashSet<string> DockerLogins { get; } = [];

    /// <summary>The destination; its file must be written.</summary>
    public string? Destination { get; set; }

    public OperationFixture Configure(string lines)
    {
        _files.Write("config/deploy.yml", ConfigurationFixture.Combine(lines));
        return this;
    }

    public OperationFixture Write(string path, string text)
    {
        _files.Write(path, text);
        return this;
    }

    public Task<KamalConfiguration> LoadAsync() => _files.LoadAsync(Destination, _version);

    /// <summary>Runs an operation on the recording hosts.</summary>
    public async Task<T> RunAsync<T>(Operation<T> operation, IReadOnlyList<string>? hosts = null, IReadOnlyList<string>? roles = null) =>
        await operation.RunAsync(await ContextAsync(Fleet, hosts, roles), Sink, TestContext.Current.CancellationToken);

    /// <summary>Runs an operation on other hosts.</summary>
    public async Task<T> RunAsync<T>(Operation<T> operation, IFleet fleet) =>
        await operation.RunAsync(await ContextAsync(fleet, null, null), Sink, TestContext.Current.CancellationToken);

    /// <summary>Previews an operation.</summary>
    public async Task<T> PreviewAsync<T>(Operation<T> operation) =>
        await operation.RunAsync(await ContextAsync(new PreviewFleet(Sink), null, null), Sink, TestContext.Current.CancellationToken);

    public void Dispose() => _files.Dispose();

    /// <summary>What an operation works with.</summary>
    public async Task<KamalContext> ContextAsync(IFleet fleet, IReadOnlyList<string>? hosts = null, IReadOnlyList<string>? roles = null)
    {
        var configuration = await LoadAsync();
        return new()
        {
            Configuration = configuration,
            Selection = new(configuration, hosts, roles),
            Fleet = fleet,
            Local = Local,
            Secrets = Secrets,
            Options = Options,
            Clock = Clock,
            Console = Console,
            Builds = () => new(Directory.CreateDirectory(Path.Join(configuration.ProjectDirectory, "state")).FullName),
            HasDockerLogin = DockerLogins.Contains,
            Images = () => new(Directory.CreateDirectory(Path.Join(configuration.ProjectDirectory, "images")).FullName),
        };
    }
}
