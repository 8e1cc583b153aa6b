using System.Globalization;

namespace Kamal.Tests.Signals;

/// <summary>
/// An sshd. Each test logs in to its own home directory, where programs pause at a given moment and continue once the module has begun to
/// end them, the worst case for a program that takes the lock.
/// </summary>
public sealed class SignalHost : IAsyncLifetime
{
    // The command that ends a script's processes uses a separate channel, and runs before any of them receives its signal.
    private const string Enter =
        """
        #!/bin/sh
        cd "$KAMAL_TEST_HOME" || exit 1
        PATH=@BIN@:$PATH
        case $SSH_ORIGINAL_COMMAND in *'kill -s TERM'*) : >.stopping ;; esac
        exec sh -c "$SSH_ORIGINAL_COMMAND"
        """;

    private const string StandIn =
        """
        #!/bin/sh
        # Without this it would call itself.
        PATH=/usr/bin:/bin
        name=${0##*/}
        moment=
        [ ! -e .moment ] || read -r moment <.moment
        hold() {
          : >.arrived
          n=0
          while [ ! -e .stopping ] && [ $n -lt 1200 ]; do n=$((n + 1)); sleep 0.05; done
        }
        case $name$moment in
          mkdirbefore) case $* in .kamal/lock-*/*) ;; .kamal/lock-?*) hold ;; esac ;;
          catduring) case $(readlink /proc/$$/fd/1) in */lock-*/details) cat; hold; exit 0 ;; esac ;;
          *after)
            details=$(echo .kamal/lock-*/details)
            # What works under the lock hears the signal: nothing comes after it.
            if [ ! -e .arrived ] && [ -s "$details" ]; then hold; sleep 30; : >went-on; fi ;;
        esac
        case $name in
          docker) case $* in *inspect*abel*) echo shop ;; *version*) echo 29.0.0 ;; esac; exit 0 ;;
          curl) exit 0 ;;
        esac
        exec "$name" "$@"
        """;

    private static readonly string[] Programs = ["mkdir", "cat", "docker", "curl"];

    private SshServer? _server;
    private int _places;

    internal SshServer Server => _server!;

    /// <summary>The directory of the fake programs. Its docker is also used on this machine.</summary>
    internal string Bin => Path.Combine(Server.Folder, "bin");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux()) return;
        _server = await SshServer.StartAsync("AcceptEnv KAMAL_TEST_HOME", "ForceCommand @FOLDER@/enter");
        Directory.CreateDirectory(Bin);
        foreach (var name in Programs) Write(Path.Combine(Bin, name), StandIn);
        Write(Path.Combine(_server.Folder, "enter"), Enter.Replace("@BIN@", Bin, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <summary>Creates a home directory on the host and a project.</summary>
    /// <param name="moment">When programs pause: before, during or after the response to the lock, or never.</param>
    internal SignalPlace Place(string moment) =>
        new(this, Interlocked.Increment(ref _places).ToString(CultureInfo.InvariantCulture), moment);

    /// <summary>Writes a program.</summary>
    internal static void Write(string file, string script)
    {
        File.WriteAllText(file, script);
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
