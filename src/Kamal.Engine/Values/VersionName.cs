namespace Kamal.Engine.Values;

/// <summary>
/// Versions in container names. A container that is replaced by one of the same version is renamed to <c>VERSION_replaced_…</c>,
/// which is not a version.
/// </summary>
public static class VersionName
{
    private const string Replaced = "_replaced_";

    /// <summary>Whether it is the suffix of a replaced container's name instead of a version.</summary>
    /// <param name="name">What follows <c>SERVICE-ROLE-</c>.</param>
    public static bool IsReplaced(string name) => name.Contains(Replaced, StringComparison.Ordinal);

    /// <summary>The version, also of a replaced container.</summary>
    /// <param name="name">What follows <c>SERVICE-ROLE-</c> in a container's name.</param>
    public static string Of(string name)
    {
        var at = name.IndexOf(Replaced, StringComparison.Ordinal);
        return at < 0 ? name : name[..at];
    }

    /// <summary>A version as tables and messages show it: the first seven digits of a commit, or else the version.</summary>
    public static string Short(string version) =>
        version.Length >= 40 && version[..40].All(char.IsAsciiHexDigitLower) ? version[..7] : version;

    /// <summary>Whether it may be the beginning of a commit, as tables show it.</summary>
    public static bool IsPrefix(string version) => version.Length is >= 4 and < 40 && version.All(char.IsAsciiHexDigitLower);

    /// <summary>The suffix of a replaced container's name.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="suffix">Makes the name unique.</param>
    public static string Aside(string version, string suffix) => version + Replaced + suffix;

    /// <summary>Throws if a version is not valid.</summary>
    /// <param name="version">The version from the user.</param>
    /// <returns>The same.</returns>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it is a replaced container's name.</exception>
    public static string Checked(string version) => !IsReplaced(version) ? version : throw new KamalException(
        KamalErrorId.ArgumentInvalid,
        $"'{version}' is not a version: it names a container that was replaced by another one of version {Of(version)}.")
    {
        Recommendation = $"The version is {Of(version)}. "
            + "If only the configuration changed since, restore the old configuration and deploy it.",
    };
}
