using System.Collections.Immutable;
using System.Security.Cryptography;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Local.Images;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Operations;

/// <summary>
/// What an operation is given: what is wanted, on which hosts, how, and the ports to reach them. One context serves one run.
/// </summary>
public sealed record KamalContext
{
    /// <summary>What is wanted.</summary>
    public required KamalConfiguration Configuration { get; init; }

    /// <summary>Which hosts and roles it is about.</summary>
    public required HostSelection Selection { get; init; }

    /// <summary>The hosts.</summary>
    public required IFleet Fleet { get; init; }

    /// <summary>This machine's programs.</summary>
    public required ILocalRunner Local { get; init; }

    /// <summary>The secrets.</summary>
    public required ISecretStore Secrets { get; init; }

    /// <summary>How the operation goes about its work.</summary>
    public RunOptions Options { get; init; } = new();

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Environment variables for every hook besides Kamal's own, such as a PATH with our <c>kamal</c> on it.</summary>
    public ImmutableDictionary<string, string> HookEnvironment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The operator's end of interactive commands; if null, they read nothing, and their output is in their result.</summary>
    public IInteractiveConsole? Console { get; init; }

    /// <summary>Takes known secrets out of text that is kept on a host, such as the audit log's lines.</summary>
    public Func<string, string> Redact { get; init; } = text => text;

    /// <summary>Random hexadecimal digits for names that must be unique. A view has digits that are always the same.</summary>
    internal Func<int, string> UniqueHex { get; init; } = length => RandomNumberGenerator.GetHexString(length, lowercase: true);

    /// <summary>Where images are kept for hosts that get them from this machine.</summary>
    internal Func<ImageStore> Images { get; init; } = ImageStore.OfAccount;

    /// <summary>The record of what was built on this machine.</summary>
    internal Func<BuiltImages> Builds { get; init; } = BuiltImages.OfAccount;

    /// <summary>Whether this account's Docker has a login for a registry, by its host; <c>docker.io</c> for Docker Hub.</summary>
    internal Func<string, bool> HasDockerLogin { get; init; } = DockerLogins.Have;

    /// <summary>The project's repository.</summary>
    internal Git Git => field ??= new(Local, Configuration.ProjectDirectory) { RunsFilters = Configuration.RunsCommands };

    /// <summary>The same for another version.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it cannot be a version.</exception>
    internal KamalContext WithVersion(string version) => this with
    {
        Configuration = Configuration with { Version = GivenNames.Version(version) },
    };

    /// <summary>The same for fewer hosts.</summary>
    internal KamalContext WithHosts(ImmutableArray<string> hosts) => this with { Selection = Selection.Narrow(hosts) };

    /// <summary>The same for the version that is given, or else the one of the image that is tagged as latest.</summary>
    internal KamalContext WithGivenOrLatestVersion() =>
        WithVersion(Configuration.Version is { Length: > 0 } given ? given : Configuration.LatestTag);

    /// <summary>The version that is given, or else the variable VERSION; null if there is neither.</summary>
    internal string? GivenVersion => Configuration.Version is { Length: > 0 } given ? given
        : Environment.GetEnvironmentVariable("VERSION") is { Length: > 0 } variable ? variable
        : null;

    /// <summary>The same with its version known: the one given, or the variable VERSION, or git's commit.</summary>
    internal async Task<KamalContext> VersionedAsync(CancellationToken cancellationToken) =>
        Configuration.Version is { Length: > 0 } ? this
            : WithVersion(GivenVersion ?? await CommitAsync(cancellationToken).ConfigureAwait(false));

    private async Task<string> CommitAsync(CancellationToken cancellationToken)
    {
        if (!await Git.IsRepositoryAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new KamalException(KamalErrorId.ArgumentInvalid,
                $"{Configuration.ProjectDirectory} is not a git repository, so its commit cannot serve as the version.")
            {
                Recommendation = "Set the version with -Version (--version) or the variable VERSION, or work in a git repository.",
            };
        }

        var revision = await Git.RevisionAsync(cancellationToken).ConfigureAwait(false);
        // An explicit build context is built with whatever is not committed, and the version must say so.
        var dirty = Configuration.Builder.Context is not null &&
            (await Git.UncommittedChangesAsync(cancellationToken).ConfigureAwait(false)).Length > 0;
        return dirty ? $"{revision}_uncommitted_{UniqueHex(16)}" : revision;
    }
}
