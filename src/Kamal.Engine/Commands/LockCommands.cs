using System.Globalization;
using System.Text;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>
/// The deploy lock: a directory on the app's primary host, which only one can make. In it are the details, as Kamal reads them, and
/// a directory named by a nonce: whoever knows the nonce owns the lock. Removing that directory succeeds for one only, and
/// gives the right to remove the lock. Kamal removes all of it with <c>rm -r</c>.
/// </summary>
/// <param name="configuration">The configuration.</param>
internal sealed class LockCommands(KamalConfiguration configuration)
{
    /// <summary>The exit code of <see cref="Status"/> if nobody holds the lock.</summary>
    public const int NotHeld = 3;

    /// <summary>The exit code of <see cref="Status"/> if something else stands where the lock's directory would be.</summary>
    public const int NotADirectory = 4;

    /// <summary>The exit code of <see cref="Status"/> if the lock has no details that can be read.</summary>
    public const int NoDetails = 5;

    /// <summary>The exit code of <see cref="Acquire"/> if the lock is there already.</summary>
    public const int Taken = 6;

    /// <summary>The exit code of <see cref="ReleaseOwn"/> if the lock is not the one with that nonce.</summary>
    public const int NotOwn = 7;

    // The processes of a script that is stopped get SIGTERM. Between its directory and its nonce nobody could tell whose a lock is.
    private static readonly ShellCommand Unstoppable = ShellCommand.Raw("trap '' HUP INT TERM");

    private ShellWord Lock => HostPaths.Lock(configuration);

    private ShellWord Details => HostPaths.LockDetails(configuration);

    /// <summary>Takes the lock. Exit code <see cref="Taken"/> if it is there already; else, if it fails, nothing of it is left.</summary>
    /// <param name="details">What Kamal shows of it.</param>
    /// <param name="nonce">What makes it ours.</param>
    public ShellCommand Acquire(string details, string nonce)
    {
        var write = ShellCommand.Of("mkdir", Owner(nonce))
            .And(ShellCommand.Of("printf", "%s\\n", Convert.ToBase64String(Encoding.UTF8.GetBytes(details))).Pipe(ShellCommand.Of("cat").RedirectTo(Details)));
        var taken = Exists().And(ShellCommand.Of("echo", "it is held").MergeOutputIntoErrors()).And(Exit(Taken)).Group();
        // Tried twice: it may have been released since the first time.
        var make = ShellCommand.Of("mkdir", Lock).DiscardErrors().Or(taken).Or(ShellCommand.Of("mkdir", Lock)).Or(taken).Or(Exit(1)).Group();
        return Unstoppable.And(ShellCommand.Of("mkdir", "-p", configuration.RunDirectory)).And(make)
            .And(write.Or(ShellCommand.Of("rm", "-r", Lock).Then(Exit(1)).Group()).Group());
    }

    /// <summary>Removes it, whoever holds it and whatever it is.</summary>
    public ShellCommand Release() => ShellCommand.Of("rm", "-r", Lock);

    /// <summary>Removes it only if it is the one with this nonce; else the exit code is <see cref="NotOwn"/>.</summary>
    public ShellCommand ReleaseOwn(string nonce) =>
        Unstoppable.And(ShellCommand.Of("[", "-d", Owner(nonce), "]").Or(Exit(NotOwn)).Group())
            .And(ShellCommand.Of("rmdir", Owner(nonce))).And(Release());

    /// <summary>Succeeds if the lock, or something in its place, is there.</summary>
    public ShellCommand Exists() =>
        ShellCommand.Of("[", "-e", Lock, "]").Or(ShellCommand.Of("[", "-L", Lock, "]")).Group();

    /// <summary>Prints the details; other exit codes: <see cref="NotHeld"/>, <see cref="NotADirectory"/>, <see cref="NoDetails"/>.</summary>
    public ShellCommand Status() =>
        Exists().Or(Exit(NotHeld)).Group()
            .And(ShellCommand.Of("[", "-d", Lock, "]").Or(Exit(NotADirectory)).Group())
            .And(ShellCommand.Of("[", "-s", Details, "]").And(ShellCommand.Of("base64", "-d", Details)).Or(Exit(NoDetails)).Group());

    /// <summary>The text of the details.</summary>
    public static string DetailsText(string lockedBy, DateTimeOffset at, string? version, string message) =>
        string.Create(CultureInfo.InvariantCulture, $"Locked by: {lockedBy} at {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\nVersion: {version}\nMessage: {message}");

    private ShellWord Owner(string nonce) => HostPaths.LockOwner(configuration, nonce);

    private static ShellCommand Exit(int code) => ShellCommand.Of("exit", code.ToString(CultureInfo.InvariantCulture));
}
