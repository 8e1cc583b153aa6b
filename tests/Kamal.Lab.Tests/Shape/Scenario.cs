namespace Kamal.Lab.Tests;

/// <summary>
/// One scenario, as five lines: the app, what is broken, the command, and what must be true of requests, containers and
/// output. <see cref="LabFixture.CheckAsync"/> brings it about.
/// </summary>
public sealed record Scenario
{
    /// <summary>What runs when the scenario begins.</summary>
    public required App App { get; init; }

    /// <summary>What is broken while the command runs; nothing, if not said.</summary>
    public IReadOnlyList<Breakage> Broken { get; init; } = [];

    /// <summary>The command: PowerShell text, which may be <c>kamal …</c>.</summary>
    public required string Command { get; init; }

    /// <summary>What clients get while it runs; nobody asks, if not said.</summary>
    public Requests Requests { get; init; } = Requests.None;

    /// <summary>
    /// All containers on each server of the app afterwards, as <c>NAME STATE, …</c> in any order, with <c>*</c> for what is
    /// random. kamal-proxy runs and need not be named. Not looked at, if null.
    /// </summary>
    public string? Containers { get; init; }

    /// <summary>How the command ends and what it says; it succeeds, if not said.</summary>
    public Output Output { get; init; } = Output.Succeeds();

    /// <summary>What else must be true on server 1: a shell script that ends well.</summary>
    public string? OnServer { get; init; }
}
