using System.Globalization;
using Kamal.Common;

namespace Kamal.Ssh.Authentication;

/// <summary>The permissions of private key files, which OpenSSH checks before it uses them.</summary>
internal static class KeyFileMode
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Why a file may not be used, and the command that protects it; null if it is protected.</summary>
    /// <param name="path">The file; a link stands for what it points to.</param>
    public static string? Trouble(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsAccess.Read(path) is { } accounts ? Trouble(path, accounts, WindowsAccess.NameOf) : null;
        }

        return OpenToOthers(path) is { } mode
            ? $"other accounts can read it (unprotected private key file, mode {mode}); run: chmod 600 '{path}'"
            : null;
    }

    /// <summary>Why a file on Windows may not be used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="accounts">Who owns it and can access it.</param>
    /// <param name="nameOf">The name of an account.</param>
    public static string? Trouble(string path, WindowsAccess.Accounts accounts, Func<string, string> nameOf) => accounts.Stranger switch
    {
        null => null,
        var owner when owner == accounts.Owner => $"it belongs to {nameOf(owner)} (unprotected private key file); run: takeown /F '{path}'",
        var other => $"{nameOf(other)} can read it (unprotected private key file); run: "
            + $"icacls '{path}' /inheritance:r /remove '*{other}' /grant:r '*{accounts.Me}:F'",
    };

    /// <summary>The mode, as <c>0644</c>, of a file that is this account's own and open to others; null for any other.</summary>
    /// <param name="path">The file; a link stands for what it points to.</param>
    public static string? OpenToOthers(string path) =>
        UnixFile.Read(path, followLinks: true) is { Kind: UnixFile.Kind.Regular } facts && facts.Owner == UnixFile.CurrentUser
            && (facts.Mode & Others) != UnixFileMode.None
            ? "0" + Convert.ToString((int)facts.Mode, 8).PadLeft(3, '0').ToString(CultureInfo.InvariantCulture)
            : null;
}
