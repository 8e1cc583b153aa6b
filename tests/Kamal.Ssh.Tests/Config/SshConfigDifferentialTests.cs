using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kamal.Ssh.Config;
using Xunit;

namespace Kamal.Ssh.Tests.Config;

/// <summary>Our reading of ssh_config against OpenSSH's own, <c>ssh -G</c>, on files made by hand and by chance.</summary>
[Trait("Category", "Linux")]
public sealed class SshConfigDifferentialTests : IDisposable
{
    private static readonly string[] Compared =
    [
        "hostname", "user", "port", "addressfamily", "identitiesonly", "identityagent", "proxycommand", "proxyjump",
        "stricthostkeychecking",
        "hashknownhosts", "hostkeyalias", "connecttimeout", "connectionattempts", "serveraliveinterval", "serveralivecountmax",
        "numberofpasswordprompts",
        "preferredauthentications", "passwordauthentication", "kbdinteractiveauthentication", "pubkeyauthentication", "forwardagent",
        "identityfile", "certificatefile", "sendenv", "setenv", "userknownhostsfile", "globalknownhostsfile", "bindaddress",
        "revokedhostkeys", "batchmode", "tcpkeepalive",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-ssh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> ByHand => new(SshConfigCorpus.ByHand.Keys);

    [Theory]
    [MemberData(nameof(ByHand))]
    public async Task AFileMadeByHandIsReadAsOpenSshReadsIt(string name) => await CompareAsync(SshConfigCorpus.ByHand[name], "web1", name);

    [Theory]
    [MemberData(nameof(ByHand))]
    public async Task AnotherHostOfTheSameFileToo(string name) => await CompareAsync(SshConfigCorpus.ByHand[name], "DB.Example.com", name);

    [Fact]
    public async Task FilesMadeByChanceAreReadAsOpenSshReadsThem()
    {
        for (var seed = 1; seed <= 80; seed++)
        {
            await CompareAsync(SshConfigCorpus.ByChance(seed), seed % 3 == 0 ? "db1" : "web1", $"seed {seed}");
        }
    }

    private async Task CompareAsync(string text, string host, string name)
    {
        var file = Path.Combine(_folder, "config");
        File.WriteAllText(
            Path.Combine(_folder, "included"), "Host web1\n  ServerAliveInterval 77\nMatch host web1\n  HostKeyAlias inner\n");
        File.WriteAllText(Path.Combine(_folder, "nested"), $"Include {_folder}/included\nMatch exec true\n  ConnectTimeout 3\n");
        File.WriteAllText(
            file, text.Replace("@FOLDER@", _folder, StringComparison.Ordinal).Replace("@FILE@", file, StringComparison.Ordinal));
        var (theirs, errors) = await AskOpenSshAsync(file, host);
        if (theirs is null)
        {
            await Assert.ThrowsAsync<SshClientException>(() => ReadAsync(file, host));
            return;
        }

        var ours = Show(await ReadAsync(file, host));
        var expected = string.Join("\n", Compared.SelectMany(key => theirs[key].Select(value => $"{key} {value}")));
        Assert.True(expected == ours, $"{name}: ssh -G {host}\n{expected}\n--- ours\n{ours}\n--- file\n{text}\n{errors}");
    }

    private static async Task<SshConfigOptions> ReadAsync(string file, string host) =>
        await new SshConfigReader([new(file, true)], new(), _ => { }).ReadAsync(host, new(), TestContext.Current.CancellationToken);

    private static string Show(SshConfigOptions options)
    {
        var text = new StringBuilder();
        foreach (var key in Compared)
        {
            IEnumerable<string> values = key switch
            {
                "identityfile" or "certificatefile" or "sendenv" or "setenv" => options.All(key) ?? [],
                "userknownhostsfile" or "globalknownhostsfile" => options.All(key) is { } files ? [string.Join(' ', files)] : [],
                _ => options[key] is { } value
                    && !(key is "proxyjump" or "proxycommand" or "revokedhostkeys"
                        && value.Equals("none", StringComparison.OrdinalIgnoreCase))
                    ? [Canonical(key, value)]
                    : [],
            };
            foreach (var value in values) text.Append(CultureInfo.InvariantCulture, $"{key} {value}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Canonical(string key, string value) => (key, value) switch
    {
        ("stricthostkeychecking", "yes") => "true",
        ("stricthostkeychecking", "no" or "off") => "false",
        ("pubkeyauthentication", "yes") => "true",
        ("pubkeyauthentication", "no") => "false",
        ("forwardagent", "true") => "yes",
        ("forwardagent", "false") => "no",
        ("identityagent", ['~', ..]) => new SshConfigEnvironment().Expand(value),
        ("identityagent", "${HOME}") => new SshConfigEnvironment().Home,
        ("hostkeyalias", _) => value.ToLowerInvariant(),
        _ => value,
    };

    /// <summary>What ssh says, without what it says by default: that is no part of a file.</summary>
    private async Task<(ILookup<string, string>? Values, string Errors)> AskOpenSshAsync(string file, string host)
    {
        var (lines, errors) = await RunAsync(file, host);
        if (lines is null) return (null, errors);
        var empty = Path.Combine(_folder, "empty");
        File.WriteAllText(empty, "");
        var defaults = (await RunAsync(empty, host)).Lines!.ToHashSet();
        // What a file says may be the default; then we say it too, so it must be told from silence by our own answer.
        var ours = Show(await ReadOrNothingAsync(file, host)).Split('\n').Select(line => line.Split(' ')[0]).ToHashSet();
        return (lines.Where(line => !defaults.Contains(line) || ours.Contains(line.Split(' ')[0]))
            .Select(line => line.Split(' ', 2)).ToLookup(parts => parts[0], parts => parts.Length > 1 ? parts[1] : ""), errors);
    }

    private static async Task<SshConfigOptions> ReadOrNothingAsync(string file, string host)
    {
        try
        {
            return await ReadAsync(file, host);
        }
        catch (SshClientException)
        {
            return new();
        }
    }

    private static async Task<(List<string>? Lines, string Errors)> RunAsync(string file, string host)
    {
        using var process = Process.Start(
            new ProcessStartInfo("ssh", ["-G", "-F", file, host]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode == 0 ? [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)] : null, await errors);
    }
}
