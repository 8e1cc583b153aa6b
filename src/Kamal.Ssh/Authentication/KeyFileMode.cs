using System.Globalization;
using Kamal.Common;

namespace Kamal.Ssh.Authentication;

/// <summary>The permissions of private key files, which OpenSSH checks before it uses them.</summary>
internal static class KeyFileMode
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>
    /// The mode, as <c>0644</c>, of a file that is this account's own and open to others; null for any other. Always null on
    /// Windows.
    /// </summary>
    /// <param name="path">The file; a link stands for what it points to.</param>
    public static string? OpenToOthers(string path) =>
        UnixFile.Read(path, followLinks: true) is { Kind: UnixFile.Kind.Regular } facts && facts.Owner == UnixFile.CurrentUser
            && (facts.Mode & Others) != UnixFileMode.None
            ? "0" + Convert.ToString((int)facts.Mode, 8).PadLeft(3, '0').ToString(CultureInfo.InvariantCulture)
            : null;
}
