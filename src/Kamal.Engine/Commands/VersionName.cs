namespace Kamal.Engine.Commands;

/// <summary>Versions in the names of containers. A container that makes way for a new one of its version is renamed to <c>VERSION_replaced_…</c>, which is no version.</summary>
public static class VersionName
{
    private const string Replaced = "_replaced_";

    /// <summary>Whether it is the end of a replaced container's name rather than a version.</summary>
    /// <param name="name">What follows <c>SERVICE-ROLE-</c>.</param>
    public static bool IsReplaced(string name) => name.Contains(Replaced, StringComparison.Ordinal);

    /// <summary>The version, also of a replaced container.</summary>
    /// <param name="name">What follows <c>SERVICE-ROLE-</c> in a container's name.</param>
    public static string Of(string name)
    {
        var at = name.IndexOf(Replaced, StringComparison.Ordinal);
        return at < 0 ? name : name[..at];
    }

    /// <summary>What a replaced container's name ends with instead of its version.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="suffix">What tells it from others.</param>
    public static string Aside(string version, string suffix) => version + Replaced + suffix;

    /// <summary>Refuses what can be no version.</summary>
    /// <param name="version">The version that a user gave.</param>
    /// <returns>The same.</returns>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it is a replaced container's name.</exception>
    public static string Checked(string version) => !IsReplaced(version) ? version : throw new KamalException(
        KamalErrorId.ArgumentInvalid, $"'{version}' is not a version: it names a container that was replaced by another one of version {Of(version)}.")
    {
        Recommendation = $"The version is {Of(version)}. If only the configuration changed since, restore the old configuration and deploy it.",
    };
}
