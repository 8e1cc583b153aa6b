using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Commands;

/// <summary>Manages the builder on this machine. Its names are Kamal 2.12's, so that both programs use the same builder.</summary>
/// <param name="localArchitecture">
/// The architecture of the local engine, such as <c>amd64</c>; needed only if a remote builder may share the work.
/// </param>
internal sealed partial class BuilderCommands(KamalConfiguration configuration, string? localArchitecture = null)
{
    private const string ErrorLabel = "Error:";
    private const string SshScheme = "ssh://";

    private readonly BuilderConfiguration _builder = configuration.Builder;

    /// <summary>Whether the kind of builder depends on this machine's architecture.</summary>
    public static bool DependsOnArchitecture(BuilderConfiguration builder) => builder.Remote is not null && builder.Local;

    /// <summary>Where and with which tool it builds.</summary>
    public BuilderKind Kind =>
        _builder.UsesDotnet ? BuilderKind.Dotnet
        : RemoteArchitectures.Length > 0 ? LocalArchitectures.Length > 0 ? BuilderKind.Hybrid : BuilderKind.Remote
        : _builder.UsesPack ? BuilderKind.Pack
        : _builder.UsesCloud ? BuilderKind.Cloud
        : BuilderKind.Local;

    /// <summary>The architectures to build for; empty for the engine's own.</summary>
    public ImmutableArray<string> Architectures =>
        _builder.Architectures.IsEmpty && !_builder.UsesDockerDriver ? ["amd64", "arm64"] : _builder.Architectures;

    /// <summary>The name of the buildx builder; null if Docker's own or none is used.</summary>
    public string? Name => Kind switch
    {
        BuilderKind.Remote => $"kamal-remote-{RemoteSuffix}",
        BuilderKind.Hybrid => $"kamal-hybrid-{_builder.Driver}-{RemoteSuffix}",
        BuilderKind.Cloud => _builder.Driver.Replace(' ', '-').Replace('/', '-'),
        BuilderKind.Local when !_builder.UsesDockerDriver =>
            configuration.Registry.IsLocal ? $"kamal-local-registry-{_builder.Driver}" : $"kamal-local-{_builder.Driver}",
        _ => null,
    };

    /// <summary>The name of the docker context of a remote builder, or null without one.</summary>
    public string? ContextName => IsRemote ? Name + "-context" : null;

    /// <summary>Whether another machine builds.</summary>
    public bool IsRemote => Kind is BuilderKind.Remote or BuilderKind.Hybrid;

    /// <summary>The machine of a remote builder that is reached by SSH, as <c>user@host:port</c>; null if there is none.</summary>
    public string? RemoteHost =>
        IsRemote && _builder.Remote!.StartsWith(SshScheme, StringComparison.OrdinalIgnoreCase)
            ? _builder.Remote[SshScheme.Length..].TrimEnd('/')
            : null;

    /// <summary>Inspects the builder; fails if it does not exist. For a remote builder see also <see cref="Difference"/>.</summary>
    public LocalCommand? Inspect() => Kind == BuilderKind.Pack
        ? LocalCommand.ReadOnly("pack", "builder", "inspect", _builder.PackBuilder!)
        : Name is { } name ? LocalCommand.ReadOnly("docker", "buildx", "inspect", name) : null;

    /// <summary>Prints the address of a remote builder's context.</summary>
    public LocalCommand? InspectContext() =>
        ContextName is { } context
            ? LocalCommand.ReadOnly("docker", "context", "inspect", context, "--format", "{{.Endpoints.docker.Host}}")
            : null;

    /// <summary>
    /// What is wrong with a remote builder: it does not use its context, or the context does not use the configured address. Null if
    /// nothing is.
    /// </summary>
    /// <param name="inspected">The output of <see cref="Inspect"/>.</param>
    /// <param name="contextHost">The output of <see cref="InspectContext"/>.</param>
    public string? Difference(string inspected, string contextHost) =>
        !Lines(inspected).Any(line => line.Contains("Endpoint:", StringComparison.Ordinal)
            && line.Contains(ContextName!, StringComparison.Ordinal)) ? $"it does not use the docker context {ContextName}."
        : !Lines(contextHost).Contains(_builder.Remote) ? $"it builds on {contextHost.Trim()}, not on {_builder.Remote}."
        : null;

    /// <summary>The error that buildx prints if it cannot use a builder's engine or driver; null if there is none.</summary>
    /// <param name="inspected">The output of <see cref="Inspect"/>.</param>
    public static string? Error(string inspected) =>
        Lines(inspected).FirstOrDefault(line => line.StartsWith(ErrorLabel, StringComparison.Ordinal))?[ErrorLabel.Length..].Trim();

    /// <summary>Succeeds if this machine's engine answers.</summary>
    public static LocalCommand Engine() => LocalCommand.ReadOnly("docker", "version", "--format", "{{.Server.Version}}");

    /// <summary>Runs on a remote builder's machine, to test the login.</summary>
    public static ShellCommand Connect() => ShellCommand.Of("true");

    /// <summary>Creates the builder.</summary>
    public IReadOnlyList<BuilderStep> Create() => Kind switch
    {
        BuilderKind.Local when Name is { } name => [new(CreateBuildx("--name", name, $"--driver={_builder.Driver}").Add(DriverOptions))],
        BuilderKind.Cloud => [new(CreateBuildx("--driver")
            .Add([.. _builder.Driver.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(LocalText.Plain)]))],
        BuilderKind.Remote => [new(CreateContext(), MayFail: true),
            new(CreateBuildx("--name", Name!).Add(DriverOptions).Add(ContextName!))],
        BuilderKind.Hybrid =>
        [
            new(CreateBuildx(Platforms(LocalArchitectures)).Add("--name", Name!, $"--driver={_builder.Driver}").Add(DriverOptions)),
            new(CreateContext()),
            new(CreateBuildx(Platforms(RemoteArchitectures)).Add("--append", "--name", Name!).Add(DriverOptions).Add(ContextName!)),
        ],
        _ => [],
    };

    /// <summary>Removes the builder.</summary>
    public IReadOnlyList<BuilderStep> Remove()
    {
        if (Name is not { } name) return [];
        var remove = new BuilderStep(LocalCommand.Of("docker", "buildx", "rm", name));
        return ContextName is { } context ? [new(LocalCommand.Of("docker", "context", "rm", context), MayFail: true), remove] : [remove];
    }

    /// <summary>Shows the builders of this machine.</summary>
    public IReadOnlyList<LocalCommand> Details() => Kind == BuilderKind.Pack ? [Inspect()!]
        : Kind == BuilderKind.Dotnet ? [DotnetCommands.Version()]
        : [LocalCommand.ReadOnly("docker", "context", "ls"), LocalCommand.ReadOnly("docker", "buildx", "ls")];

    private ImmutableArray<string> LocalArchitectures =>
        !_builder.Local ? []
            : _builder.Remote is null ? Architectures
            : [.. Architectures.Where(architecture => architecture == localArchitecture)];

    private ImmutableArray<string> RemoteArchitectures =>
        _builder.Remote is null ? [] : [.. Architectures.Except(LocalArchitectures)];

    private string RemoteSuffix => NotInName().Replace(_builder.Remote!, "-") + (configuration.Registry.IsLocal ? "-local-registry" : "");

    /// <summary>A builder in a container reaches a registry on the loopback interface only in the host's network.</summary>
    private LocalText[] DriverOptions => configuration.Registry.IsLocal ? ["--driver-opt", "network=host"] : [];

    private static LocalCommand CreateBuildx(params ReadOnlySpan<LocalText> arguments) =>
        LocalCommand.Of("docker", "buildx", "create").Add(arguments);

    private LocalCommand CreateContext() =>
        LocalCommand.Of("docker", "context", "create", ContextName!)
            .Add("--description", $"{Name} host", "--docker", $"host={_builder.Remote}");

    private static LocalText[] Platforms(ImmutableArray<string> architectures) =>
        architectures.IsEmpty ? [] : ["--platform", string.Join(',', architectures.Select(architecture => "linux/" + architecture))];

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries);

    [GeneratedRegex("[^a-z0-9_-]")]
    private static partial Regex NotInName();
}

/// <summary>A command that creates or removes a builder.</summary>
/// <param name="Command">The command.</param>
/// <param name="MayFail">Whether to go on if it fails, since what it creates may exist already, or what it removes may be gone.</param>
internal sealed record BuilderStep(LocalCommand Command, bool MayFail = false);
