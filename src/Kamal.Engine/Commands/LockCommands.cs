using System.Globalization;
using System.Text;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>The deploy lock: a directory on the app's primary host, which only one can make.</summary>
/// <param name="configuration">The configuration.</param>
internal sealed class LockCommands(KamalConfiguration configuration)
{
    /// <summary>The exit code of <see cref="Status"/> if nobody holds the lock.</summary>
    public const int NotHeld = 3;

    /// <summary>Takes the lock: fails if it is held.</summary>
    public ShellCommand Acquire(string details) =>
        ShellCommand.Of("mkdir", "-p", configuration.RunDirectory)
            .And(ShellCommand.Of("mkdir", HostPaths.Lock(configuration)))
            .And(ShellCommand.Of("printf", "%s\\n", Convert.ToBase64String(Encoding.UTF8.GetBytes(details))).RedirectTo(HostPaths.LockDetails(configuration)));

    /// <summary>Gives it back.</summary>
    public ShellCommand Release() => ShellCommand.Of("rm", "-r", HostPaths.Lock(configuration));

    /// <summary>Gives it back only while its details are still those written at <see cref="Acquire"/>: never takes away somebody else's.</summary>
    public ShellCommand ReleaseOwn(string details) =>
        ShellCommand.Of("[", ShellWord.Substitute(ShellCommand.Of("cat", HostPaths.LockDetails(configuration)).DiscardErrors()), "=", Convert.ToBase64String(Encoding.UTF8.GetBytes(details)), "]")
            .And(Release());

    /// <summary>Succeeds if somebody holds it.</summary>
    public ShellCommand IsHeld() => ShellCommand.Of("[", "-d", HostPaths.Lock(configuration), "]");

    /// <summary>Prints the details; exit code <see cref="NotHeld"/> if nobody holds it.</summary>
    public ShellCommand Status() =>
        IsHeld().Or(ShellCommand.Of("exit", NotHeld.ToString(CultureInfo.InvariantCulture))).Group()
            .And(ShellCommand.Of("cat", HostPaths.LockDetails(configuration)).Pipe(ShellCommand.Of("base64", "-d")));

    /// <summary>The text of the details.</summary>
    public static string Details(string lockedBy, DateTimeOffset at, string? version, string message) =>
        string.Create(CultureInfo.InvariantCulture, $"Locked by: {lockedBy} at {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\nVersion: {version}\nMessage: {message}");
}
