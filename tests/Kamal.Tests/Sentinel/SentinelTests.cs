using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Sentinel;

/// <summary>
/// Runs every cmdlet in one real PowerShell process against hosts, containers, hooks, builds, logins and password managers whose output
/// contains secrets in many encodings, escape sequences and commands of CI services. None of these may be shown.
/// <c>KAMAL_SENTINEL=all</c> tests each kind of failure in each CI service.
/// </summary>
[Trait("Category", "Linux")]
public sealed partial class SentinelTests : IDisposable
{
    private static readonly string[] Asked = ["KamalCommandResult", "KamalLogLine", "Byte[]"];
    private static readonly string[] HostPrograms =
        [
            "docker", "cat", "mkdir", "chmod", "mv", "rm", "ls", "date", "find", "grep", "xargs", "head", "tail", "curl", "wget",
            "id", "uname", "rmdir", "readlink", "stat", "awk", "sed", "cut", "tr", "chown", "cp", "touch", "test", "uptime"];
    private static readonly string[] LocalPrograms = ["docker", "pack", "op", "bw", "aws"];
    private static readonly string[] Hooks =
        [
            "docker-setup", "pre-connect", "pre-build", "pre-deploy", "post-deploy", "pre-app-boot", "post-app-boot",
            "pre-proxy-reboot", "post-proxy-reboot"];

    /// <summary>Command lines for cmdlets whose usual command line would not run a program.</summary>
    private static readonly Dictionary<string, string> Lines = new()
    {
        ["Get-KamalVaultSecret"] = "Get-KamalVaultSecret -Adapter 1password -Account me -From vault/item A",
        ["Invoke-KamalAppCommand"] = "Invoke-KamalAppCommand -Env @{ EXEC = $given } -Command \"echo $given\"",
        ["Invoke-KamalCommandLine"] = "kamal app details",
        ["Get-KamalSecret"] = "Get-KamalSecret",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-sentinel-").FullName;

    private static string Repository => (string)AppContext.GetData("Kamal.Repository")!;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_cmdlet_shows_a_secret_an_escape_or_a_CI_command()
    {
        using var collector = new Collector();
        Prepare(collector.Endpoint);
        var console = await WalkAsync();
        var told = Directory.GetFiles(_folder, "told-*.txt");
        Assert.Equal(3, told.Length);
        // Every cmdlet must have run, and on the hosts.
        foreach (var file in told)
        {
            var text = File.ReadAllText(file);
            foreach (var type in All.Types) Assert.Contains(LineOf(type), text, StringComparison.Ordinal);
            Assert.Contains("[REDACTED]", text, StringComparison.Ordinal);
            Assert.Contains(@"\e]52;c;", text, StringComparison.Ordinal);
        }

        var records = string.Concat(Directory.GetFiles(Path.Combine(_folder, "project/log")).Select(File.ReadAllText));
        var sent = string.Concat(collector.Records.Select(record => record.GetRawText().Replace(@"\\", @"\", StringComparison.Ordinal)));
        Assert.Contains("[REDACTED]", records, StringComparison.Ordinal);
        Assert.NotEmpty(sent);
        foreach (var (name, text) in told.Select(file => (Path.GetFileName(file), File.ReadAllText(file)))
            .Append(("records", records)).Append(("collector", sent))) NoSecrets(name, text, SentinelWords.Forbidden);
        foreach (var run in told.SelectMany(file => File.ReadAllText(file).Split("### "))
            .Where(run => run.Contains("$given", StringComparison.Ordinal))) NoSecrets("exec", run, SentinelWords.ForbiddenInExec);
        foreach (var file in Directory.GetFiles(_folder, "*-*.txt"))
        {
            NoEscapes(Path.GetFileName(file), File.ReadAllText(file));
            if (!file.EndsWith("-.txt", StringComparison.Ordinal)) NoCommands(Path.GetFileName(file), File.ReadAllText(file));
        }

        NoEscapes("console", console);
        NoEscapes("transcript", File.ReadAllText(Path.Combine(_folder, "transcript.txt")));
        NoEscapes("records", records);
    }

    private static void NoSecrets(string where, string text, IEnumerable<string> forbidden)
    {
        foreach (var secret in forbidden)
        {
            var at = text.IndexOf(secret, StringComparison.Ordinal);
            Assert.True(at < 0, $"{where} shows a secret: {secret}\n{Around(text, at)}");
        }
    }

    private static void NoEscapes(string where, string text)
    {
        var at = text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0
            ? -1
            : text.ToList().FindIndex(c => (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || c is '\u202e' or '\u2066');
        Assert.True(at < 0, $"{where} shows a control character: {Around(text, at)}");
    }

    private static void NoCommands(string where, string text)
    {
        var found = Command().Match(text);
        Assert.True(!found.Success, $"{where} shows a command: {Around(text, found.Index)}");
    }

    private static string Around(string text, int at)
    {
        if (at < 0) return "";
        var head = text.LastIndexOf("### ", at, StringComparison.Ordinal);
        var title = head < 0 ? "" : text[head..(text.IndexOf('\n', head) + 1)];
        return $"{title}…{text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 100)]}…";
    }

    private void Prepare(string endpoint)
    {
        Write("words.txt", SentinelWords.All);
        foreach (var (folder, programs) in ((string, string[])[])[("hosts", HostPrograms), ("here", LocalPrograms)])
        {
            Write(
                $"{folder}/hostile",
                $"#!/bin/sh\n/bin/cat {_folder}/words.txt; /bin/cat {_folder}/words.txt >&2\nread -r code < " +
                $"{_folder}/{folder}/code; exit $code\n",
                executable: true);
            foreach (var program in programs) File.CreateSymbolicLink(Path.Combine(_folder, folder, program), "hostile");
        }

        foreach (var program in (string[])["sh", "base64", "sleep"])
        {
            File.CreateSymbolicLink(Path.Combine(_folder, "hosts", program), "/bin/" + program);
        }

        foreach (var hook in Hooks) Write($"project/.kamal/hooks/{hook}", $"#!/bin/sh\nexec {_folder}/here/hostile\n", executable: true);
        Write("command.txt", SentinelWords.Secrets["FROM_COMMAND"]);
        Write("project/Dockerfile", "FROM scratch\n");
        var secrets = SentinelWords.Secrets.Where(secret => secret.Key is not ("REGISTRY" or "CACHE" or "EXEC"));
        Write("project/.kamal/secrets", string.Concat(secrets.Select(secret => secret.Key == "FROM_COMMAND"
            ? $"FROM_COMMAND=$(cat {_folder}/command.txt)\n"
            : $"{secret.Key}=\"{Dotenv(secret.Value)}\"\n")) + SentinelWords.Short + "\n");
        Write("project/config/deploy.yml", $$"""
            service: shop
            image: acme/shop
            servers: { web: [ 192.0.2.1, {{HostileHosts.Closed}} ] }
            registry: { server: registry.example.com, username: acme, password: "{{SentinelWords.Secrets["REGISTRY"]}}" }
            builder: { arch: amd64, context: ".", cache: { type: gha, options: "mode=max,token={{SentinelWords.Secrets["CACHE"]}}" } }
            env: { secret: [ PLAIN, KEY, PIN ] }
            accessories: { db: { image: postgres:17, host: 192.0.2.1, env: { secret: [ TOKEN ] } } }
            readiness_delay: 0
            deploy_timeout: 1
            drain_timeout: 1
            hooks_output: verbose
            output: { file: { path: log }, otel: { endpoint: "{{endpoint}}" } }
            """);
        string[] cis = ["", "TF_BUILD", "GITHUB_ACTIONS"];
        (string Name, int Host, int Local)[] kinds = [("hosts fail", 1, 0), ("all succeeds", 0, 0), ("this machine fails", 0, 1)];
        var walks = Environment.GetEnvironmentVariable("KAMAL_SENTINEL") == "all"
            ? cis.SelectMany(ci => kinds.Select(kind => (ci, kind)))
            : cis.Zip(kinds, (ci, kind) => (ci, kind));
        Write("plan.json", JsonSerializer.Serialize(new
        {
            Asked,
            Given = SentinelWords.Secrets["EXEC"],
            Lines = All.Types.Select(LineOf),
            Walks = walks.Select(walk => new { walk.kind.Name, Ci = walk.ci, HostCode = walk.kind.Host, LocalCode = walk.kind.Local }),
        }));
    }

    private async Task<string> WalkAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(Repository, "tests/pwsh"),
            [
                "-File", Path.Combine(Repository, "tests/Kamal.Tests/Sentinel/Sentinel.ps1"), _folder, PublishedModule.Manifest,
                typeof(SentinelTests).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["PATH"] = $"{_folder}/here:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["VERSION"] = "v1";
        foreach (var name in (string[])["TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI", "TEAMCITY_VERSION", "BUILDKITE"])
        {
            start.Environment.Remove(name);
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        limit.Token.Register(() => process.Kill(entireProcessTree: true));
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(
            File.Exists(Path.Combine(_folder, "told-GITHUB_ACTIONS.txt")),
            $"the walk ended early:\n{await output}\n{await errors}");
        return await output + await errors;
    }

    private void Write(string path, string text, bool executable = false)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        if (executable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string LineOf(Type type) => Lines.GetValueOrDefault(All.NameOf(type)) ?? All.Line(type).Trim();

    private static string Dotenv(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal);

    [GeneratedRegex(@"##(?:vso|teamcity)?\[|(?:^|\n)\s*::[^\s:]|::(?:error|add-mask|set-output)[^\n:]*::|section_start:")]
    private static partial Regex Command();
}
