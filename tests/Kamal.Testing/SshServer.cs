using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Kamal.Testing;

/// <summary>A private sshd on this machine's loopback, with keys of its own in a folder of its own.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    private readonly TestNetwork? _network;
    private Process? _process;

    private SshServer(string folder, string address, int port, TestNetwork? network)
    {
        Folder = folder;
        Address = address;
        Port = port;
        _network = network;
    }

    public string Folder { get; }

    public string Address { get; }

    public int Port { get; }

    public string UserKey => Path.Combine(Folder, "user");

    public string HostKey => Path.Combine(Folder, "host");

    public string KnownHosts => Path.Combine(Folder, "known_hosts");

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string PidFile => Path.Combine(Folder, "pid");

    private string LogFile => Path.Combine(Folder, "log");

    public static Task<SshServer> StartAsync(params string[] settings) => StartAsync("127.0.0.1", null, settings);

    /// <summary>Starts one in a namespace.</summary>
    public static Task<SshServer> StartAsync(TestNetwork network, params string[] settings) =>
        StartAsync(network.Address, null, network, settings);

    public static Task<SshServer> StartAsync(string address, Action<SshServer>? prepare, params string[] settings) =>
        StartAsync(address, prepare, null, settings);

    private static async Task<SshServer> StartAsync(string address, Action<SshServer>? prepare, TestNetwork? network, string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("kamal-ssh-").FullName;
        var server = new SshServer(folder, address, network is null ? FreePort(address) : 2222, network);
        Keygen("-t", "ed25519", "-f", server.HostKey);
        Keygen("-t", "ed25519", "-f", server.UserKey);
        File.Copy(server.UserKey + ".pub", Path.Combine(folder, "authorized_keys"));
        await File.WriteAllTextAsync(
            server.KnownHosts, $"[{address}]:{server.Port} {await File.ReadAllTextAsync(server.HostKey + ".pub")}");
        prepare?.Invoke(server);
        var listen = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{server.Port}" : $"{address}:{server.Port}";
        // The first value wins in sshd_config too: what a test wants comes first.
        string[] config =
        [
            .. settings.Select(setting => setting.Replace("@FOLDER@", folder, StringComparison.Ordinal)), $"ListenAddress {listen}", $"HostKey {server.HostKey}", $"AuthorizedKeysFile {folder}/authorized_keys", $"PidFile {folder}/pid",
            "StrictModes no", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "LogLevel VERBOSE",
            "PermitRootLogin yes", "MaxStartups 100:30:200", "UseDNS no",
        ];
        await File.WriteAllLinesAsync(Path.Combine(folder, "sshd_config"), config);
        server.Run();
        return server;
    }

    /// <summary>Makes a key that the server does not know.</summary>
    public string Key(string name)
    {
        var file = Path.Combine(Folder, name);
        Keygen("-t", "ed25519", "-f", file);
        return file;
    }

    /// <summary>Makes a key that logs in.</summary>
    public string AddKey(string type, params string[] arguments)
    {
        var file = Path.Combine(Folder, "added-" + type);
        RunTool("ssh-keygen", ["-q", "-t", type, "-f", file, .. arguments.Contains("-N") ? [] : new[] { "-N", "" }, .. arguments]);
        File.AppendAllText(Path.Combine(Folder, "authorized_keys"), File.ReadAllText(file + ".pub"));
        return file;
    }

    public static void Keygen(params string[] arguments) =>
        RunTool("ssh-keygen", arguments.Contains("-s") ? ["-q", .. arguments] : ["-q", "-N", "", .. arguments]);

    public static string RunTool(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Result}{output}");
    }

    /// <summary>Ends the process that listens and all that serve a connection.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        DropConnections();
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        File.Delete(LogFile);
        File.Delete(PidFile);
    }

    /// <summary>Ends the connections that stand, as a network that breaks would.</summary>
    public void DropConnections()
    {
        Kill(Children(ServerId), "KILL");
    }

    /// <summary>Stops the connections that stand without a word, as a host that hangs would.</summary>
    public void FreezeConnections()
    {
        Kill(Children(ServerId), "STOP");
    }

    /// <summary>Whether a connection stands.</summary>
    public bool IsServing => Children(ServerId).Count > 0;

    /// <summary>How many connections there have been.</summary>
    public int Connections => Log.Split("Connection from ").Length - 1;

    public void Run()
    {
        Directory.CreateDirectory("/run/sshd");
        // The shell reads our pipe: when this process ends, however it ends, sshd does too.
        const string script =
            "cd \"$1\"; shift; \"$@\" /usr/sbin/sshd -D -f \"$PWD/sshd_config\" -E \"$PWD/log\" & read -r _; kill $!; wait $!";
        _process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", script, "sh", Folder, .. _network?.Prefix ?? []])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
        var until = Environment.TickCount64 + 20_000;
        // The log speaks of listening before the number of the process is written.
        while (!Log.Contains("Server listening", StringComparison.Ordinal) || !File.Exists(PidFile)
            || !File.ReadAllText(PidFile).EndsWith('\n'))
        {
            if (Environment.TickCount64 > until) throw new InvalidOperationException("sshd does not listen: " + Log);
            Thread.Sleep(10);
        }
    }

    private int ServerId => int.Parse(File.ReadAllText(PidFile), System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public static int FreePort(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static List<int> Children(int parent)
    {
        try
        {
            var direct = File.ReadAllText($"/proc/{parent}/task/{parent}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToList();
            // Each before what it started, or it would still tell its client how that ended.
            return [.. direct.SelectMany(child => Children(child).Prepend(child))];
        }
        catch (IOException)
        {
            // It has just ended by itself.
            return [];
        }
    }

    private static void Kill(List<int> ids, string signal)
    {
        if (ids.Count == 0) return;
        string[] words = ["-s", signal, .. ids.Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        using var process = Process.Start(new ProcessStartInfo("/bin/kill", words) { RedirectStandardError = true })!;
        // One that has just ended by itself is not there any more.
        process.WaitForExit();
    }
}
