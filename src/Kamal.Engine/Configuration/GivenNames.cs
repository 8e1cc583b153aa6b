using Kamal.Engine.Commands;
using Kamal.Engine.Configuration.Metadata;

namespace Kamal.Engine.Configuration;

/// <summary>Names that come by parameter, variable or from a host, held to the rules of those in the configuration before anything is done with them.</summary>
internal static class GivenNames
{
    /// <summary>A version: it becomes an image's tag and a part of containers' and directories' names.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it cannot be one.</exception>
    public static string Version(string version) => VersionName.Checked(Check(version, "version", Names.Tag));

    /// <summary>A destination: it becomes a part of files' and containers' names.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it cannot be one.</exception>
    public static string Destination(string destination) => Check(destination, "destination", Names.Part);

    /// <summary>A container's id or name.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it cannot be one.</exception>
    public static string Container(string container) => Check(container, "container", Names.Container);

    /// <summary>An account to log in with.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: OpenSSH would refuse it.</exception>
    public static string User(string user) => Check(user, "account", Names.User);

    /// <summary>Any name with its rule.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it breaks the rule.</exception>
    public static string Check(string name, string what, NameRule rule) =>
        rule.Accepts(name) ? name : throw new KamalException(KamalErrorId.ArgumentInvalid, $"The {what} '{Printable(name)}' is not valid; it should be {rule.Meaning}.");

    /// <summary>A name as an error may show it: short, and without characters that a terminal obeys.</summary>
    private static string Printable(string name)
    {
        var shown = name.Length > 80 ? name[..80] + "…" : name;
        return string.Concat(shown.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
    }
}
