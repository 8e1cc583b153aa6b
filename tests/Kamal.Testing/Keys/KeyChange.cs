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

    /// <summary>The batch in which the lab applies it with others; 0 if it is applied by itself.</summary>
    public int Batch { get; init; }

    /// <summary>Why the lab does not apply it; null if it does.</summary>
    public string? NotApplied { get; init; }

    /// <summary>Whether the lab applies it by itself.</summary>
    public bool IsAppliedAlone => Reason is null && NotApplied is null && (Batch == 0 || !Before.IsEmpty);

    /// <summary>Whether the lab applies it with others.</summary>
    public bool IsAppliedInBatch => Reason is null && NotApplied is null && !IsAppliedAlone;

    /// <inheritdoc/>
    public override string ToString() => Key;
}
