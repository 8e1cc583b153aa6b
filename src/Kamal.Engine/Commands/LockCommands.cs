using System.Globalization;
using System.Text;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>
/// The deploy lock: a directory on the primary host, which only one process can create. It holds the details, as Kamal reads them, and
/// a directory named after a nonce: whoever knows the nonce owns the lock. Only one process can remove that directory, which
/// entitles it to remove the lock. Its time is the owner's last sign of life. Kamal removes everything with <c>rm -r</c>.
/// </summary>
internal sealed class LockCommands(KamalConfiguration configuration)
{
    /// <summary>The exit code of <see cref="Status"/> if the lock is not held.</summary>
    public const int NotHeld = 3;

    /// <summary>The exit code of <see cref="Status"/> if the lock's path is not a directory.</summary>
    public const int NotADirectory = 4;

    /// <summary>The exit code of <see cref="Status"/> if the lock has no readable details.</summary>
    public const int NoDetails = 5;

    /// <summary>The exit code of <see cref="Acquire"/> if the lock is held already.</summary>
    public const int Taken = 6;

    /// <summary>The exit code of <see cref="ReleaseOwn"/> and <see cref="Beat"/> if the lock has another nonce.</summary>
    public const int NotOwn = 7;

    /// <summary>What comes before the nonce in the name of the owner's directory, and in what <see cref="Status"/> prints.</summary>
    public const string OwnerPrefix = "owner-";

    // A stopped script's processes get SIGTERM. Between creating the directory and the nonce, the lock has no known owner.
    private static readonly ShellCommand Unstoppable = ShellCommand.Raw("trap '' HUP INT TERM");

    private ShellWord Lock => HostPaths.Lock(configuration);

    private ShellWord Details => HostPaths.LockDetails(configuration);

    /// <summary>
    /// Acquires the lock. The exit code is <see cref="Taken"/> if it is held already; any other failure leaves nothing behind.
    /// </summary>
    /// <param name="details">The text that Kamal shows.</param>
    /// <param name="nonce">Identifies this run as the owner.</param>
    public ShellCommand Acquire(string details, string nonce)
    {
        var write = ShellCommand.Of("mkdir", Owner(nonce))
            .And(ShellCommand.Of("printf", "%s\\n", Convert.ToBase64String(Encoding.UTF8.GetBytes(details)))
                .Pipe(ShellCommand.Of("cat").RedirectTo(Details)));
        var taken = Exists().And(ShellCommand.Of("echo", "it is held").MergeOutputIntoErrors()).And(Exit(Taken)).Group();
        // Tries twice, since the lock may have been released in between.
        var make = ShellCommand.Of("mkdir", Lock).DiscardErrors().Or(taken)
            .Or(ShellCommand.Of("mkdir", Lock)).Or(taken).Or(Exit(1)).Group();
        return Unstoppable.And(ShellCommand.Of("mkdir", "-p", configuration.RunDirectory)).And(make)
            .And(write.Or(ShellCommand.Of("rm", "-r", Lock).Then(Exit(1)).Group()).Group());
    }

    /// <summary>Removes the lock, whoever holds it.</summary>
    public ShellCommand Release() => ShellCommand.Of("rm", "-r", Lock);

    /// <summary>Removes the lock if it has this nonce; else the exit code is <see cref="NotOwn"/>.</summary>
    public ShellCommand ReleaseOwn(string nonce) =>
        Unstoppable.And(IsOwn(nonce)).And(ShellCommand.Of("rmdir", Owner(nonce))).And(Release());

    /// <summary>Gives a sign of life; the exit code is <see cref="NotOwn"/> if the lock is not the owner's any more.</summary>
    public ShellCommand Beat(string nonce) => IsOwn(nonce).And(ShellCommand.Of("touch", "-c", Owner(nonce)));

    /// <summary>Succeeds if the lock's path exists.</summary>
    public ShellCommand Exists() =>
        ShellCommand.Of("[", "-e", Lock, "]").Or(ShellCommand.Of("[", "-L", Lock, "]")).Group();

    /// <summary>
    /// Prints the details and then, unless Kamal took the lock, a line with the name of the owner's directory and the seconds since its
    /// last sign of life; other exit codes: <see cref="NotHeld"/>, <see cref="NotADirectory"/>, <see cref="NoDetails"/>.
    /// </summary>
    public ShellCommand Status() =>
        Exists().Or(Exit(NotHeld)).Group()
            .And(ShellCommand.Of("[", "-d", Lock, "]").Or(Exit(NotADirectory)).Group())
            .And(ShellCommand.Of("[", "-s", Details, "]").And(ShellCommand.Of("base64", "-d", Details)).Or(Exit(NoDetails)).Group())
            .And(ShellCommand.Raw($$"""for o in {{Lock}}/owner-*; do [ ! -d "$o" ] || printf """
                + $$"""'\n%s %s\n' "${o##*/}" "$(($(date +%s) - $(stat -c %Y "$o" 2>/dev/null || date +%s)))"; done"""));

    /// <summary>The details: first the lines that Kamal writes, and then who the owner is.</summary>
    public static string DetailsText(string lockedBy, DateTimeOffset at, string? version, string message, params string[] owner) =>
        string.Join('\n', [string.Create(CultureInfo.InvariantCulture,
            $"Locked by: {lockedBy} at {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\nVersion: {version}\nMessage: {message}"), .. owner]);

    private ShellWord Owner(string nonce) => HostPaths.LockOwner(configuration, nonce);

    private ShellCommand IsOwn(string nonce) => ShellCommand.Of("[", "-d", Owner(nonce), "]").Or(Exit(NotOwn)).Group();

    private static ShellCommand Exit(int code) => ShellCommand.Of("exit", code.ToString(CultureInfo.InvariantCulture));
}
