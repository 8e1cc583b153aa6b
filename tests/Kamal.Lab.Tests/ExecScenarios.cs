namespace Kamal.Lab.Tests;

/// <summary>Commands of the operator's own: their exit codes, input and output.</summary>
[Chapter("Commands in containers and on servers", 7)]
public sealed class ExecScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Box =
        "accessories:\n  box: { image: \"busybox:1.35\", host: 10.211.0.11, cmd: sleep 1000, options: { init: true } }\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [
        Fact,
        Promise(
            "A command that ends with exit code 7",
            "`kamal app exec`, with and without `-i`, and `kamal server exec` end with 7, in a session and as a program.")]
    public Task A_command_s_exit_code() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Command = $$"""
            $exec = "sh -c 'exit 7'"
            kamal app exec -p --reuse --version v1 $exec 2>&1 | Out-Null; "reused: $LASTEXITCODE"
            kamal app exec -i -p --reuse --version v1 $exec 2>&1 | Out-Null; "interactive: $LASTEXITCODE"
            kamal app exec -p --version v1 $exec 2>&1 | Out-Null; "new: $LASTEXITCODE"
            kamal server exec -p --version v1 $exec 2>&1 | Out-Null; "server: $LASTEXITCODE"
            & '{{LabFixture.Tests}}/kamal' app exec -p --reuse --version v1 $exec 2>&1 | Out-Null; "program: $LASTEXITCODE"
            $Error.Clear(); $global:LASTEXITCODE = 0
            """,
        Containers = "shop-web-v1 running",
        Output = Output.Succeeds("reused: 7", "interactive: 7", "new: 7", "server: 7", "program: 7"),
    });

    [
        Fact,
        Promise(
            "A dump piped to `kamal accessory exec -i --reuse`, and back",
            "Every byte arrives: lines and bytes in a session, standard input and output of a program.")]
    public async Task A_dump_through_a_pipe()
    {
        using var shop = await Shop.OfImagesAsync(lab, App.New with { Configuration = Box });
        await shop.DoAsync("kamal accessory boot box --version v1");
        var dump = string.Concat(Enumerable.Range(0, 20_000)
            .Select(i => $"INSERT INTO words VALUES ({i}, 'größe \\t 日本 ''{i}''');\n")) + "\n  -- the end\n";
        shop.Write("dump.sql", dump);
        var binary = new byte[1_000_003];
        new Random(1).NextBytes(binary);
        await File.WriteAllBytesAsync(shop.PathOf("dump.bin"), binary, Cancel);

        await shop.DoAsync($$"""
            $save = "sh -c 'cat > /tmp/{0}'"
            Get-Content dump.sql | kamal accessory exec -i --reuse --version v1 box ($save -f 'lines')
            Get-Content dump.bin -AsByteStream -Raw | kamal accessory exec -i --reuse --version v1 box ($save -f 'bytes')
            Get-Content dump.sql | kamal accessory exec -i --reuse --version v1 box cat | Set-Content back.sql
            & sh -c '"$0" accessory exec -i --reuse --version v1 box cat < dump.bin > back.bin' '{{LabFixture.Tests}}/kamal'
            """);

        Assert.Equal(dump, await lab.OnAsync(1, "docker exec shop-box cat /tmp/lines") + "\n");
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(binary)),
            await lab.OnAsync(1, "docker exec shop-box sha256sum /tmp/bytes | cut -d' ' -f1"));
        Assert.Equal(dump, await File.ReadAllTextAsync(shop.PathOf("back.sql"), Cancel));
        Assert.Equal(binary, await File.ReadAllBytesAsync(shop.PathOf("back.bin"), Cancel));
    }

    [
        Fact,
        Promise(
            "Ctrl+C, or a closed terminal, while a command runs in a container",
            "The command ends in the container too, with and without `--reuse`, `-i` and `--raw`; a new container is removed.")]
    public async Task Ctrl_C_in_a_command()
    {
        using var shop = await Shop.OfImagesAsync(lab, App.New with { Configuration = Box });
        await shop.DoAsync("kamal setup -P --version v1");
        var before = await lab.OnAsync(1, "docker ps -aq | sort");
        // Another operator's, which began before.
        await lab.OnAsync(1, "docker exec -d shop-box sleep 775");
        foreach (var command in new[]
        {
            "app exec --reuse", "app exec", "app exec -i --reuse", "app exec --raw --reuse", "accessory exec --reuse box",
            "accessory exec box",
        })
        {
            using var exec = shop.Start($"kamal {command} --version v1 'sleep 777'");
            await exec.UntilAsync(() => RunsAsync("sleep 777"), "command in the container");
            exec.Interrupt();
            var result = await exec.EndAsync(TimeSpan.FromSeconds(30));
            Assert.False(await RunsAsync("sleep 777"), $"{command} goes on:\n{result.Text}");
            Assert.Equal(before, await lab.OnAsync(1, "docker ps -aq | sort"));
        }

        Assert.True(await RunsAsync("sleep 775"));

        // With a terminal Ctrl+C goes to the command; what ends this run is that its terminal is closed.
        using (var lost = shop.StartOnTerminal("app exec -i --reuse --version v1 'sleep 776'"))
        {
            await lost.UntilAsync(() => RunsAsync("sleep 776"), "command on a terminal");
            lost.Kill();
        }

        using var watch = await lab.LoadedAsync(1);
        await watch.UntilAsync(async () => !await RunsAsync("sleep 776"), "end of the command in the container");

        async Task<bool> RunsAsync(string line) => (await lab.OnAsync(
            1, "for c in $(docker ps -q); do docker top $c -eo pid,args; done")).Contains(line, StringComparison.Ordinal);
    }
}
