using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kamal.Engine.Configuration;

/// <summary>How a new version reaches the hosts when some of them fail: the section <c>x-kamal-ps</c>, which Kamal ignores.</summary>
public sealed record RolloutConfiguration
{
    /// <summary>What to do if hosts fail.</summary>
    public HostFailureAction OnHostFailure { get; init; }

    /// <summary>How many hosts may fail; null for the default of <see cref="OnHostFailure"/>.</summary>
    public FailureLimit? MaxFailure { get; init; }

    /// <summary>How long a new version is watched after the switch; null for not at all.</summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>The percentage of its requests that may get a server error meanwhile, beyond the old version's share.</summary>
    public double MaxErrorRate { get; init; } = 1;

    /// <summary>Whether hosts that cannot be reached are left out instead of counting as failed.</summary>
    public bool SkipUnreachable { get; init; }

    /// <summary>Hosts that are left out, <c>*</c> allowed.</summary>
    public ImmutableArray<string> ExcludedHosts { get; init; } = [];

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}

/// <summary>What to do if hosts fail.</summary>
public enum HostFailureAction : long
{
    /// <summary>Begin nothing more on any host. Hosts that have switched keep the new version.</summary>
    Stop,

    /// <summary>Go on with the other hosts.</summary>
    Continue,

    /// <summary>Switch all hosts back to the version that ran before.</summary>
    Rollback,
}

/// <summary>A number of hosts, or a percentage of those that a run is about.</summary>
/// <param name="Value">The number.</param>
/// <param name="IsPercentage">Whether it is a percentage.</param>
public sealed record FailureLimit(int Value, bool IsPercentage)
{
    /// <summary>What it looks like, for .NET and ECMAScript.</summary>
    internal const string Pattern = "^([0-9]{1,9}|([0-9]{1,2}|100)%)$";

    /// <summary>Its description in messages.</summary>
    internal const string Meaning = "a number of hosts or a percentage, such as 20%";

    /// <summary>Reads <c>2</c> or <c>20%</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FailureLimit? limit)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isPercentage = text.EndsWith('%');
        limit = int.TryParse(isPercentage ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && (!isPercentage || value <= 100)
            ? new(value, isPercentage)
            : null;
        return limit is not null;
    }

    /// <summary>The number for so many hosts; a percentage is rounded down.</summary>
    public int Of(int hosts) => IsPercentage ? (int)((long)hosts * Value / 100) : Value;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}{(IsPercentage ? "%" : "")}");
}
