using System.Diagnostics;
using CsCheck;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>
/// Values that are no names may hold anything. Every command that they are rendered into is read by a real shell here, and runs
/// nothing of theirs.
/// </summary>
[Trait("Category", "Linux")]
public sealed class HostileValueTests
{
    private static readonly string[] Pieces =
        [
            "$(:>pwned)", "`:>pwned`", ";:>pwned;", "|:>pwned|", "&:>pwned&", "'", "\"", "\\", "${x:-$(:>pwned)}",
            "${a[$(:>pwned)]}", "#", " ", "$", "${", "}", "é", "\\n:>pwned\\n", "<", ">", "(", "*"];

    private const string Lines = """
        servers:
          web:
            hosts: [ 1.1.1.1 ]
            options: { health-cmd: @, cap-add: [ @ ] }
            labels: { team: @ }
            env: { A: @ }
            logging: { driver: local, options: { tag: @ } }
            asset_path: @
            proxy: { host: a.example.com, healthcheck: { path: @ }, path_prefix: @, logging: { request_headers: [ @ ] }, run: { log_max_size: @, options: { label: @ } } }
          workers:
            hosts: [ 1.1.1.1 ]
        env: { clear: { B: @ }, tags: { t: { C: @ } } }
        run_directory: @
        readiness_delay: 0
        accessories:
          db:
            image: mysql
            host: 1.1.1.1
            labels: { x: @ }
            options: { cpus: @ }
            env: { D: @ }
            directories: [ { local: @, remote: @ } ]
        """;

    [Fact]
    public void NothingOfThemRuns()
    {
        using var work = new Sandbox();
        Gen.Int[0, Pieces.Length - 1].Array[1, 4].Sample(
            chosen =>
            {
                var value = "a" + string.Concat(chosen.Select(piece => Pieces[piece]));
                RunAsync(work, value).GetAwaiter().GetResult();
            },
            iter: 12, threads: 1);
    }

    private static async Task RunAsync(Sandbox work, string value)
    {
        using var fixture = new OperationFixture().Configure(
            Lines.Replace(
                "@",
                $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
                StringComparison.Ordinal));
        fixture.Fleet.Answer("Find the new container", "c1").Answer("Find the accessory's container", "c2");
        await fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true }));
        await fixture.RunAsync(ProxyOperations.Reboot(rolling: false));
        await fixture.RunAsync(AccessoryOperations.Boot([]));
        await fixture.RunAsync(AppOperations.Maintenance(value));
        await fixture.RunAsync(LockOperations.Acquire(value));
        var commands = fixture.Fleet.Scripts.SelectMany(script => script.Script.Steps)
            .SelectMany(step => new[] { step.Command.Text, step.When?.Text }).OfType<string>().Distinct().ToList();
        Assert.True(commands.Count > 20);
        work.Run(string.Join('\n', commands.Select(command => $"( {command}\n) >/dev/null 2>&1")));
        Assert.False(work.WasBroken, value);
    }

    /// <summary>A folder in which a shell finds no program but those that do nothing.</summary>
    private sealed class Sandbox : IDisposable
    {
        private readonly string _root = Directory.CreateTempSubdirectory("kamal-hostile-").FullName;

        public Sandbox()
        {
            var programs = Directory.CreateDirectory(Path.Combine(_root, "bin")).FullName;
            foreach (
                var name in (string[])[
                    "docker", "mkdir", "rm", "cat", "chmod", "chown", "mv", "cp", "find", "grep", "head", "tail", "tr", "xargs",
                    "awk", "sleep", "curl", "wget", "ls", "wc", "sh", "base64"])
            {
                File.CreateSymbolicLink(Path.Combine(programs, name), "/bin/true");
            }

            // A clock on which every wait is over at the second look.
            var clock = Path.Combine(_root, "clock");
            File.WriteAllText(clock, "1\n");
            var date = Path.Combine(programs, "date");
            File.WriteAllText(date, $"#!/bin/sh\nread now < '{clock}'\necho $((now + 10000)) > '{clock}'\necho $now\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(date, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            Directory.CreateDirectory(Path.Combine(_root, "cwd"));
        }

        public bool WasBroken => File.Exists(Path.Combine(_root, "cwd/pwned"));

        public void Run(string script)
        {
            var start = new ProcessStartInfo("/bin/sh", ["-s"])
            {
                WorkingDirectory = Path.Combine(_root, "cwd"),
                RedirectStandardInput = true,
            };
            start.Environment["PATH"] = Path.Combine(_root, "bin");
            using var shell = Process.Start(start)!;
            // A word that ends its quotes would be a syntax error, and end the shell before the last line.
            shell.StandardInput.Write(script + "\n:>finished\n");
            shell.StandardInput.Close();
            shell.WaitForExit();
            Assert.True(File.Exists(Path.Combine(_root, "cwd/finished")), script);
            File.Delete(Path.Combine(_root, "cwd/finished"));
        }

        public void Dispose() => Directory.Delete(_root, recursive: true);
    }
}
