using Kamal.Common;

namespace Kamal.Engine.Local;

/// <summary>Directories that other accounts of this machine can neither read nor replace.</summary>
public static class OwnDirectory
{
    private const UnixFileMode Owners = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// The account's cache directory: <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>; <c>~/Library/Caches</c> on macOS, the local
    /// application data on Windows.
    /// </summary>
    public static string Cache
    {
        get
        {
            if (OperatingSystem.IsWindows()) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } given && Path.IsPathFullyQualified(given)) return given;
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return Path.Join(home, OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache");
        }
    }

    /// <summary>
    /// The account's directory for state that may be lost: <c>XDG_STATE_HOME</c> or <c>~/.local/state</c>;
    /// <c>~/Library/Application Support</c> on macOS, the local application data on Windows.
    /// </summary>
    public static string State
    {
        get
        {
            if (OperatingSystem.IsWindows()) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            if (Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { } given && Path.IsPathFullyQualified(given)) return given;
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return Path.Join(home, OperatingSystem.IsMacOS() ? "Library/Application Support" : ".local/state");
        }
    }

    /// <summary>The name of this account's directory inside a shared directory.</summary>
    /// <param name="name">The prefix of the name, which the user ID follows.</param>
    public static string TemporaryName(string name) => OperatingSystem.IsWindows() ? name : $"{name}-{UnixFile.CurrentUser}";

    /// <summary>
    /// Creates a directory that only this account can access, and verifies that no other account can replace it or its parents.
    /// </summary>
    /// <param name="root">The parent directory, which may be shared with other programs; created if missing.</param>
    /// <param name="names">
    /// The directories below it, which get mode 0700 regardless of the umask, or an access control list without other accounts on Windows.
    /// </param>
    /// <returns>Its path, with links resolved.</returns>
    /// <exception cref="IOException">Another account can replace it, or it cannot be created.</exception>
    public static string Make(string root, params ReadOnlySpan<string> names)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        var path = Path.GetFullPath(root);
        if (OperatingSystem.IsWindows())
        {
            foreach (var name in names)
            {
                path = Path.Join(path, name);
                WindowsAccess.CreateDirectory(path);
                WindowsAccess.Restrict(path);
            }

            return path;
        }

        Directory.CreateDirectory(path, Owners);
        path = WithoutLinks(path);
        CheckParents(path);
        foreach (var name in names)
        {
            path = Path.Join(path, name);
            Directory.CreateDirectory(path, Owners);
            Check(path);
            // An existing directory may be accessible to other accounts.
            if (File.GetUnixFileMode(path) != Owners) File.SetUnixFileMode(path, Owners);
        }

        return path;
    }

    private static void CheckParents(string path)
    {
        var at = Path.GetPathRoot(path)!;
        Check(at);
        foreach (var name in path[at.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Join(at, name);
            Check(at);
        }
    }

    /// <summary>
    /// An account with write access to a directory can rename its entries unless it is sticky; its owner can do anything.
    /// </summary>
    private static void Check(string path)
    {
        var facts = UnixFile.Read(path, followLinks: false) ?? throw new IOException($"{path} cannot be accessed");
        var me = UnixFile.CurrentUser;
        if (facts.Kind != UnixFile.Kind.Directory) throw new IOException($"{path} is not a directory");
        if (facts.Owner != me && facts.Owner != 0) throw new IOException($"{path} belongs to another account");
        if (facts.Mode.HasFlag(UnixFileMode.StickyBit)) return;
        // Debian and Fedora give each account its own group with the same ID.
        var group = facts.Mode.HasFlag(UnixFileMode.GroupWrite) && !(facts.Owner == me && facts.Group == me) && facts.Group != 0;
        if (group || facts.Mode.HasFlag(UnixFileMode.OtherWrite)) throw new IOException($"other accounts can write to {path}");
    }

    private static string WithoutLinks(string path)
    {
        for (var links = 0; links < 40; links++)
        {
            if (FirstLink(path) is not var (link, below)) return path;
            var target = new DirectoryInfo(link).LinkTarget!;
            path = Path.GetFullPath(Path.Join(Path.GetFullPath(target, Path.GetDirectoryName(link)!), below));
        }

        throw new IOException($"{path} has too many links");
    }

    private static (string Link, string Below)? FirstLink(string path)
    {
        for (var end = 1; end <= path.Length; end++)
        {
            if (end < path.Length && path[end] != Path.DirectorySeparatorChar) continue;
            if (UnixFile.Read(path[..end], followLinks: false) is { Kind: UnixFile.Kind.Link }) return (path[..end], path[end..]);
        }

        return null;
    }
}
