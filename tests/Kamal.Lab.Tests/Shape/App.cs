using System.Collections.Immutable;

namespace Kamal.Lab.Tests;

/// <summary>
/// The sample app as a scenario finds it: service <c>shop</c>, role <c>web</c>, versions <c>v1</c>, <c>v2</c>, …, whose images
/// are in the registry.
/// </summary>
public sealed record App
{
    /// <summary>Versions that were deployed one after another; the last one runs.</summary>
    public ImmutableArray<string> Deployed { get; init; } = [];

    /// <summary>Numbers of the servers of role web.</summary>
    public ImmutableArray<int> Servers { get; init; } = [1];

    /// <summary>YAML after the common part of deploy.yml.</summary>
    public string Configuration { get; init; } = "";

    /// <summary>Another role than web on server 1, as YAML of its section; none, if null.</summary>
    public string? Worker { get; init; }

    /// <summary>The YAML that takes the place of <see cref="Configuration"/> before the command; the same, if null.</summary>
    public string? Change { get; init; }

    /// <summary>The section that takes the place of <see cref="Worker"/> before the command; the same, if null.</summary>
    public string? WorkerChange { get; init; }

    /// <summary>Files of the project besides its configuration and secrets; those below <c>.kamal/hooks</c> can be executed.</summary>
    public ImmutableArray<(string Name, string Text)> Files { get; init; } = [];

    /// <summary>Files that are written before the command.</summary>
    public ImmutableArray<(string Name, string Text)> ChangedFiles { get; init; } = [];

    /// <summary>Secrets besides the common ones, as lines of .kamal/secrets.</summary>
    public string Secrets { get; init; } = "";

    /// <summary>The secrets that take their place before the command; the same, if null.</summary>
    public string? SecretsChange { get; init; }

    /// <summary>The account on the servers.</summary>
    public string User { get; init; } = "root";

    /// <summary>Commands after the deploys and before anything is broken, as an accessory's boot.</summary>
    public ImmutableArray<string> Prepared { get; init; } = [];

    /// <summary>Nothing was deployed ever.</summary>
    public static App New { get; } = new();

    /// <summary>Versions were deployed one after another.</summary>
    public static App Running(params ImmutableArray<string> versions) => new() { Deployed = versions };
}
