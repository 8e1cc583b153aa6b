namespace Kamal.Lab.Tests;

/// <summary>The commands beside deploy, on real engines.</summary>
[Chapter("Other commands", 4)]
public sealed class CommandScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Promise("Maintenance", "Clients get 503 and the message until the app is live again.")]
    public async Task Maintenance_is_seen_by_clients_and_ends()
    {
        using var shop = await Shop.CreateAsync(lab, [1, 2]);
        await shop.DoAsync("Invoke-KamalSetup");

        await shop.DoAsync("Enable-KamalMaintenance -Message 'Back at noon'");
        foreach (var server in new[] { 1, 2 })
        {
            Assert.Equal(503, await lab.StatusAsync(server, "/", Cancel));
            Assert.Contains("Back at noon", await lab.TextAsync(server, "/", Cancel), StringComparison.Ordinal);
        }

        await shop.DoAsync("Disable-KamalMaintenance");
        Assert.Equal(200, await lab.StatusAsync(1, "/", Cancel));
        Assert.Equal(200, await lab.StatusAsync(2, "/", Cancel));
    }

    [Fact, Promise("A hook runs `kamal`", "It gets this one, and shares the lock.")]
    public async Task A_hook_that_calls_kamal_gets_this_one_and_shares_the_lock()
    {
        using var shop = await Shop.CreateAsync(lab, [1]);
        await shop.DoAsync("Invoke-KamalSetup");
        shop.Write(
            ".kamal/hooks/pre-deploy",
            "#!/bin/sh\nset -e\nkamal version > seen-version\nkamal app details > seen-details\nkamal app logs > seen-logs\n" +
            "kamal app maintenance --message 'hook was here' >/dev/null\nkamal app " +
            "live >/dev/null\n");
        File.SetUnixFileMode(
            shop.PathOf(".kamal/hooks/pre-deploy"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await shop.DoAsync("Invoke-KamalDeploy -SkipPush");

        var version = await shop.DoAsync("(Get-KamalVersion).ToString()");
        Assert.Contains(version.Output.Trim(), await File.ReadAllTextAsync(shop.PathOf("seen-version"), Cancel), StringComparison.Ordinal);
        // The output is complete: the whole table, and one line for each line of the log.
        Assert.Contains("10.211.0.11 App", await File.ReadAllTextAsync(shop.PathOf("seen-details"), Cancel), StringComparison.Ordinal);
        var logs = await File.ReadAllLinesAsync(shop.PathOf("seen-logs"), Cancel);
        Assert.NotEmpty(logs);
        Assert.All(logs, line => Assert.StartsWith("[10.211.0.11 web] ", line, StringComparison.Ordinal));
        Assert.False(await shop.IsLockedAsync());
        Assert.Equal(200, await lab.StatusAsync(1, "/", Cancel));
    }

    [Fact]
    [Promise("The status of the app, while Docker is not running on one server", "Each role and server has a row; that server's says why.")]
    public Task Status() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with
        {
            Servers = [1, 2],
            Worker = "cmd: sh -c 'trap \"exit 0\" TERM; while :; do sleep 1; done'",
            Configuration = "readiness_delay: 0\n",
        },
        Broken = [Docker.Fails("ps *", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", server: 2)],
        Command = "$all = Get-KamalStatus; $all | Out-String -Width 80; $web, $worker, $down = $all; $all | ConvertTo-Json; "
            + "if ($web.RequestsPerSecond -le 0 -or $web.Memory -le 0 -or $worker.Memory -le 0 -or $all.Count -ne 3) { throw 'wrong' }",
        Requests = Requests.AnsweredBy("v1"),
        Output = Output.Succeeds(
            "HostName    Role", " running ", "\"ServerErrors\": 0", "\"IsLocked\": false", "\"InMaintenance\": false",
            "\"Version\": \"v1\"", "\"Role\": \"worker\"", "10.211.0.12 web", "DockerNotRunning",
            "10.211.0.12: Docker is not running on the host"),
    });

    [Fact, Promise("Commands in running and in new containers", "They see the environment and its secrets, and leave no container behind.")]
    public async Task Commands_run_in_old_and_new_containers()
    {
        using var shop = await Shop.CreateAsync(lab, [1, 2], "env: { clear: { GREETING: hello }, secret: [ APP_SECRET ] }\n");
        await shop.DoAsync("Invoke-KamalSetup");

        var before = await lab.OnAsync(1, "docker ps -aq | sort");
        var reused = await shop.DoAsync(
            "Invoke-KamalAppCommand -Reuse \"sh -c 'cat /app/www/version; echo `$GREETING'\" | ForEach-Object Output");
        Assert.Equal(["v1", "hello", "v1", "hello"], reused.Lines);

        var fresh = await shop.DoAsync("Invoke-KamalAppCommand -Primary \"sh -c 'echo fresh-`$APP_SECRET'\" | ForEach-Object Output");
        Assert.Equal("fresh-s3cr3t-of-the-app", Assert.Single(fresh.Lines));
        Assert.Equal(before, await lab.OnAsync(1, "docker ps -aq | sort"));

        var failed = await shop.RunAsync("Invoke-KamalAppCommand -Reuse 'sh -c \"exit 7\"'");
        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("7", failed.Text, StringComparison.Ordinal);
    }

    [Fact, Promise("Logs of two servers are followed", "Lines of both come; Ctrl+C leaves no process on the servers.")]
    public async Task Logs_of_two_servers_are_followed()
    {
        using var shop = await Shop.CreateAsync(lab, [1, 2]);
        await shop.DoAsync("Invoke-KamalSetup");
        using var logs = shop.Start("Get-KamalLog -Follow | ForEach-Object { '{0}| {1}' -f $_.HostName, $_.Line }");
        await logs.UntilAsync(() => Task.FromResult(Both(logs.Output, "listening on 80")), "first lines of both");

        Assert.Equal(200, await lab.StatusAsync(1, "/version", Cancel));
        Assert.Equal(200, await lab.StatusAsync(2, "/up", Cancel));
        await logs.UntilAsync(() => Task.FromResult(Both(logs.Output, "url:/")), "requests in both");
        logs.Interrupt();
        await logs.EndAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(
            "",
            await lab.OnAsync(
                1,
                "for i in 1 2 3 4 5 6; do pgrep -fa '[d]ocker logs .*--follow' >/dev/null || exit 0; sleep 0.5; done; pgrep -fa " +
                "'[d]ocker logs .*--follow'"));

        static bool Both(string text, string word) => new[] { 1, 2 }.All(server =>
            text.Split('\n').Any(line => line.StartsWith(LabFixture.Address(server) + "|", StringComparison.Ordinal)
                && line.Contains(word, StringComparison.Ordinal)));
    }

    [Fact, Promise("An accessory with files and directories", "It has them; its data survive a reboot, and its removal leaves nothing.")]
    public async Task An_accessory_gets_its_file_and_its_directory()
    {
        using var shop = await Shop.CreateAsync(lab, [1, 2], """
            accessories:
              box:
                image: busybox:1.35
                registry: { server: docker.io, username: "", password: "" }
                host: 10.211.0.12
                cmd: sh -c "trap 'exit 0' TERM; echo box is up; while :; do sleep 1; done"
                env: { clear: { COLOUR: green }, secret: [ APP_SECRET ] }
                files:
                  - config/box.conf:/etc/box.conf
                  - config/box.erb.conf.erb:/etc/templated.conf
                directories:
                  - data:/data

            """.Replace("    registry: { server: docker.io, username: \"\", password: \"\" }\n", "", StringComparison.Ordinal));
        shop.Write("config/box.conf", "shape = round\n");
        shop.Write("config/box.erb.conf.erb", "colour = <%= ENV[\"COLOUR\"] %>\n");
        await shop.CommitAsync("v1 with a box");

        await shop.DoAsync("Invoke-KamalAccessoryBoot box");
        Assert.Equal("shape = round\ncolour = green", await lab.OnAsync(2, "docker exec shop-box cat /etc/box.conf /etc/templated.conf"));
        await lab.OnAsync(2, "docker exec shop-box sh -c 'echo kept > /data/note'");
        Assert.Equal("kept", await lab.OnAsync(2, "cat shop-box/data/note"));
        Assert.Equal("s3cr3t-of-the-app", await lab.OnAsync(2, "docker exec shop-box sh -c 'echo $APP_SECRET'"));

        await shop.DoAsync("Invoke-KamalAccessoryReboot box");
        Assert.Equal("kept", await lab.OnAsync(2, "docker exec shop-box cat /data/note"));
        var found = await shop.DoAsync("Get-KamalAccessory box | ForEach-Object { '{0} {1}' -f $_.HostName, $_.State }");
        Assert.Equal($"{LabFixture.Address(2)} running", Assert.Single(found.Lines), ignoreCase: true);

        await shop.DoAsync("Remove-KamalAccessory box -Confirm:$false");
        Assert.Equal("", await lab.OnAsync(2, "docker ps -aq; ls -d shop-box 2>/dev/null || true"));
    }

    [Fact, Promise("A rolling reboot of the proxy", "The proxies are new, and route as before.")]
    public async Task The_proxy_is_rebooted_server_by_server()
    {
        using var shop = await Shop.CreateAsync(lab, [1, 2]);
        await shop.DoAsync("Invoke-KamalSetup");
        var before = await StartedAsync();
        await shop.DoAsync("Invoke-KamalProxyReboot -Rolling -Confirm:$false");
        var after = await StartedAsync();

        Assert.All(before.Zip(after), pair => Assert.True(pair.First < pair.Second));
        Assert.Equal("v1", (await lab.TextAsync(1, "/", Cancel)).Split(' ')[0]);
        Assert.Equal("v1", (await lab.TextAsync(2, "/", Cancel)).Split(' ')[0]);

        async Task<IReadOnlyList<DateTimeOffset>> StartedAsync() =>
        [
            await StartAsync(1),
            await StartAsync(2),
        ];
        async Task<DateTimeOffset> StartAsync(int server) => DateTimeOffset.Parse(
            await lab.OnAsync(
                server, "docker inspect -f '{{.State.StartedAt}}' kamal-proxy"), System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact, Promise("Removal", "No container, image, file or login is left, but the audit log and the history.")]
    public async Task Removal_leaves_nothing_behind()
    {
        using var shop = await Shop.CreateAsync(lab, [1, 2]);
        await shop.DoAsync("Invoke-KamalSetup");
        await shop.DoAsync("Remove-KamalDeployment -Confirm:$false");
        foreach (var server in new[] { 1, 2 })
        {
            Assert.Equal(
                "",
                await lab.OnAsync(
                    server,
                    "docker ps -aq; docker images -q --filter label=service=shop; find .kamal -path '*shop*' ! -name '*audit.log' " +
                    "! -path '*-history*' 2>/dev/null || true"));
            Assert.DoesNotContain(
                "10.211.0.2", await lab.OnAsync(server, "cat .docker/config.json 2>/dev/null || true"), StringComparison.Ordinal);
        }
    }
}
