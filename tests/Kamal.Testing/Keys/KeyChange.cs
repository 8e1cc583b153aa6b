using System.Collections.Immutable;

namespace Kamal.Testing.Keys;

/// <summary>A change of one documented key of deploy.yml, and what a plan that compares the hosts says of it.</summary>
/// <param name="Key">
/// The key's path in the documentation, such as <c>accessories/ACCESSORY/cmd</c>; with <c>/*</c> at its end, all keys below it.
/// </param>
internal sealed record KeyChange(string Key)
{
    /// <summary>The paths and values that it sets; null removes a path.</summary>
    public ImmutableArray<(string Path, string? Value)> After { get; init; } = [];

    /// <summary>What must be set before it, other than in <see cref="KeyProject"/>.</summary>
    public ImmutableArray<(string Path, string? Value)> Before { get; init; } = [];

    /// <summary>What the plan names: the role, the accessory or <c>proxy</c>, and the key; without a key, the action.</summary>
    public ImmutableArray<string> Named { get; init; } = [];

    /// <summary>Why nothing on the hosts differs.</summary>
    public string? Reason { get; init; }

    /// <summary>The batch of the lab that it is in; 0 for none.</summary>
    public int Batch { get; init; }

    /// <summary>Why the lab does not apply it; null if it does.</summary>
    public string? NotApplied { get; init; }

    /// <summary>Whether it and another cannot follow each other: it moves something, or needs other keys.</summary>
    public bool IsAlone { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Key;
}
