using Kamal.Engine.Configuration.Metadata;

namespace Kamal.Engine.Configuration;

/// <summary>Validates names from parameters, variables and hosts by the same rules as those in the configuration.</summary>
internal static class GivenNames
{
    /// <summary>A version, which becomes an image tag and a part of container and directory names.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it is not valid.</exception>
    public static string Version(string version) => VersionName.Checked(Check(version, "version", Names.Tag));

    /// <summary>A destination, which becomes a part of file and container names.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it is not valid.</exception>
    public static string Destination(string destination) => Check(destination, "destination", Names.Part);

    /// <summary>A container ID or name.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it is not valid.</exception>
    public static string Container(string container) => Check(container, "container", Names.Container);

    /// <summary>A user name to log in with.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: OpenSSH would refuse it.</exception>
    public static string User(string user) => Check(user, "account", Names.User);

    /// <summary>Any name with its rule.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it breaks the rule.</exception>
    public static string Check(string name, string what, NameRule rule) =>
        rule.Accepts(name)
            ? name
            : throw new KamalException(
                KamalErrorId.ArgumentInvalid, $"The {what} '{Printable(name)}' is not valid; it should be {rule.Meaning}.");

    /// <summary>A shortened name without control characters, for errors.</summary>
    private static string Printable(string name)
    {
        var shown = name.Length > 80 ? name[..80] + "…" : name;
        return string.Concat(shown.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
    }
}
