using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace Kamal.Common;

/// <summary>Who can access a file: access control lists on Windows, which has no file modes.</summary>
internal static class WindowsAccess
{
    private const string LocalSystem = "S-1-5-18";
    private const string Administrators = "S-1-5-32-544";
    private const string TrustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";

    /// <summary>A file's owner and the accounts that have any access, as SIDs.</summary>
    public sealed record Accounts(string Me, string Owner, IReadOnlyList<string> Allowed)
    {
        /// <summary>
        /// The account, other than this one and the system's own, that owns the file or can access it; null if there is none. The rule of
        /// OpenSSH for Windows.
        /// </summary>
        public string? Stranger => Allowed.Prepend(Owner)
            .FirstOrDefault(account => account != Me && account is not (LocalSystem or Administrators or TrustedInstaller));
    }

    /// <summary>The accounts of a file or directory; null if they cannot be read.</summary>
    [SupportedOSPlatform("windows")]
    public static Accounts? Read(string path)
    {
        try
        {
            FileSystemSecurity security = Directory.Exists(path)
                ? new DirectoryInfo(path).GetAccessControl() : new FileInfo(path).GetAccessControl();
            var rules = security.GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier));
            return new(
                Me().Value,
                security.GetOwner(typeof(SecurityIdentifier))?.Value ?? "",
                [.. rules.Cast<FileSystemAccessRule>().Where(rule => rule.AccessControlType == AccessControlType.Allow)
                    .Select(rule => rule.IdentityReference.Value)]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException
            or PrivilegeNotHeldException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    /// <summary>An account's name, such as <c>BUILTIN\Users</c>; its SID if it has none.</summary>
    [SupportedOSPlatform("windows")]
    public static string NameOf(string sid)
    {
        try
        {
            return new SecurityIdentifier(sid).Translate(typeof(NTAccount)).Value;
        }
        catch (SystemException)
        {
            return sid;
        }
    }

    /// <summary>Creates a directory, with its parents, that this account alone can access, or leaves it alone if it is there.</summary>
    [SupportedOSPlatform("windows")]
    public static void CreateDirectory(string path)
    {
        var directory = new DirectoryInfo(path);
        if (!directory.Exists) directory.Create(OwnersOnly(new DirectorySecurity()));
    }

    /// <summary>Takes the access of other accounts to a directory away.</summary>
    /// <exception cref="IOException">It belongs to another account.</exception>
    [SupportedOSPlatform("windows")]
    public static void Restrict(string directory)
    {
        if (Read(directory) is not { Stranger: { } stranger } accounts) return;
        if (stranger == accounts.Owner) throw new IOException($"{directory} belongs to another account");
        new DirectoryInfo(directory).SetAccessControl(OwnersOnly(new DirectorySecurity()));
    }

    /// <summary>Creates a file that this account alone can access.</summary>
    /// <returns>The file, open for writing.</returns>
    [SupportedOSPlatform("windows")]
    public static FileStream CreateFile(string path) => new FileInfo(path).Create(
        FileMode.CreateNew, FileSystemRights.Write, FileShare.Read, 4096, FileOptions.None, OwnersOnly(new FileSecurity()));

    [SupportedOSPlatform("windows")]
    private static TSecurity OwnersOnly<TSecurity>(TSecurity security)
        where TSecurity : FileSystemSecurity
    {
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        var inherited = security is DirectorySecurity
            ? InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit : InheritanceFlags.None;
        foreach (var account in new[] { Me(), new(LocalSystem), new(Administrators) })
        {
            security.AddAccessRule(
                new(account, FileSystemRights.FullControl, inherited, PropagationFlags.None, AccessControlType.Allow));
        }

        return security;
    }

    [SupportedOSPlatform("windows")]
    private static SecurityIdentifier Me()
    {
        using var identity = WindowsIdentity.GetCurrent();
        return identity.User ?? throw new InvalidOperationException("The account of this process has no SID.");
    }
}
