using System.Collections.Immutable;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Operations;

/// <summary>Everything an operation works with. One context serves one run.</summary>
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

    /// <summary>How the run goes about its work.</summary>
    public RunOptions Options { get; init; } = new();

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Environment variables for every hook besides Kamal's own, as a PATH with our <c>kamal</c> on it.</summary>
    public ImmutableDictionary<string, string> HookEnvironment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The operator's end of interactive commands; if null, they read nothing, and their output is in their result.</summary>
    public IInteractiveConsole? Console { get; init; }

    /// <summary>Takes known secrets out of text that is kept on a host, as the audit log's lines.</summary>
    public Func<string, string> Redact { get; init; } = text => text;

    /// <summary>What the run knows of itself; shared by all contexts that are made from this one.</summary>
    internal RunState State { get; init; } = new();
}
