using System.Collections.Immutable;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Which containers are listed.</summary>
public sealed record ContainersOptions
{
    /// <summary>Of which kinds; of all, if empty.</summary>
    public ImmutableArray<KamalContainerKind> Kinds { get; init; } = [];

    /// <summary>Of which accessories: names, <c>*</c> allowed; of all, if empty.</summary>
    public ImmutableArray<string> Accessories { get; init; } = [];

    /// <summary>Only those that run, as Kamal's <c>details</c> does.</summary>
    public bool RunningOnly { get; init; }
}
