namespace Kamal.Lab.Tests;

/// <summary>What apps, destinations and accounts of one server have in common: the proxy, accessories, images, the disk.</summary>
[Chapter("What is shared on a server", 3)]
public sealed class SharedScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Box =
        "accessories:\n  box: { image: \"busybox:1.35\", host: 10.211.0.11, cmd: sleep 1000, options: { init: true } }\n";

    // The proxy reads every app's files again when it starts: what is broken then leaves it without any app.
    private const string RoutedAfterRestart =
        "docker restart kamal-proxy >/dev/null; for i in $(seq 50); do docker exec kamal-proxy kamal-proxy list | grep -q shop-web " +
        "&& exit 0; sleep 0.2; done; exit 1";

    [
        Fact,
        Promise(
            "A certificate and a key that do not belong together",
            "Nothing connects; the app goes on, also after the proxy's next restart.")]
    public Task A_bad_certificate() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with
        {
            Configuration = Certificate.Configuration,
            Secrets = Certificate.Secrets(),
            SecretsChange = Certificate.MixedSecrets(),
        },
        Command = "kamal deploy -P --version v2",
        Containers = "shop-web-v1 running",
        Output = Output.Fails("does not belong to the certificate", "secrets CERT and KEY").As("CertificateInvalid").Not("PRIVATE KEY"),
        OnServer = RoutedAfterRestart,
    });

    [
        Fact,
        Promise(
            "The proxy refuses a new certificate",
            "The pair in use was not overwritten: the app goes on, also after the proxy's next restart.")]
    public Task A_certificate_that_the_proxy_refuses() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with
        {
            Configuration = Certificate.Configuration,
            Secrets = Certificate.Secrets(),
            SecretsChange = Certificate.Secrets(),
        },
        Broken = [Docker.Fails("exec kamal-proxy kamal-proxy deploy *", "Error: unable to load certificate")],
        Command = "kamal deploy -P --version v2",
        Containers = "shop-web-v1 running, shop-web-v2 exited",
        Output = Output.Fails("unable to load certificate"),
        OnServer = RoutedAfterRestart,
    });

    [
        Fact,
        Promise(
            "A new certificate",
            "The proxy uses it; the old key is gone from the server, and only the proxy's account can read the new one.")]
    public Task A_new_certificate() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with
        {
            Configuration = Certificate.Configuration,
            Secrets = Certificate.Secrets(),
            SecretsChange = Certificate.Secrets(),
        },
        Command = "kamal deploy -P --version v2; kamal app stop --version v2; kamal app start --version v2",
        Containers = "shop-web-v1 exited, shop-web-v2 running",
        OnServer = "[ $(ls -d .kamal/proxy/apps-config/shop/tls/web/*/ | wc -l) = 2 ] && [ \"$(stat -c '%a %u' " +
            ".kamal/proxy/apps-config/shop/tls/web/current/key.pem)\" = '400 1001' ] && " + RoutedAfterRestart,
    });

    [
        Fact,
        Promise(
            "An error page that the proxy cannot use, in a version that is deployed again",
            "The pages in use were not overwritten: the app goes on, also after the proxy's next restart.")]
    public Task A_broken_error_page() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with
        {
            Configuration = "error_pages_path: public\n",
            Files = [("public/503.html", "<p>later</p>")],
            ChangedFiles = [("public/503.html", "{{ if }}")],
        },
        Command = "kamal deploy -P --version v1",
        Requests = Requests.AnsweredBy("v1"),
        Output = Output.Fails("unable to load error pages"),
        OnServer = RoutedAfterRestart,
    });

    [
        Fact,
        Promise(
            "A proxy that came up without its apps, since a certificate was broken on the server",
            "A deploy says so and why, and routes again.")]
    public Task A_proxy_that_lost_its_apps() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { Configuration = Certificate.Configuration, Secrets = Certificate.Secrets() },
        Broken =
        [
            Host.Does(
                "for f in .kamal/proxy/apps-config/shop/tls/web/*/cert.pem; do echo broken > $f; done; docker restart kamal-proxy " +
                ">/dev/null; for i in $(seq 50); do docker exec kamal-proxy kamal-proxy list >/dev/null 2>&1 && break; sleep 0.1; done"),
        ],
        Command = "Get-KamalProxy | ForEach-Object Problem; kamal deploy -P --version v2",
        Containers = "shop-web-v1 exited, shop-web-v2 running",
        Output = Output.Succeeds("answers every request with 404", "unable to load certificate", "shop-web-v1 run there"),
        OnServer = RoutedAfterRestart,
    });

    [
        Fact,
        Promise(
            "Pruning where a worker and another destination left many containers",
            "Each role of the destination keeps its own stock for a rollback; other destinations' containers and latest images stay.")]
    public Task Pruning_by_role() => lab.CheckAsync(new()
    {
        App = App.Running("v1", "v2") with { Configuration = "retain_containers: 1\n" },
        Broken = [Host.Does(
            "image=$(docker inspect -f '{{.Config.Image}}' shop-web-v2); docker tag $image ${image%:*}:latest-eu; "
            + "for i in 1 2 3; do docker create --label service=shop --label role=worker --label destination= --name " +
                "shop-worker-x$i $image; "
            + "docker create --label service=shop --label role=web --label destination=eu --name shop-web-eu-x$i $image; done")],
        Command = "kamal prune all --version v2",
        Containers = "shop-web-v1 exited, shop-web-v2 running, shop-worker-x3 created, shop-web-eu-x1 created, shop-web-eu-x2 " +
            "created, shop-web-eu-x3 created",
        OnServer = "docker images --format '{{.Tag}}' | grep -qx latest-eu && docker images --format '{{.Tag}}' | grep -qx v1",
    });

    [Fact, Promise("The disk of a server's engine is full", "The error says so first; the old version goes on.")]
    public Task A_full_disk() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Broken = [Docker.Fails("pull *", "failed to register layer: write /app/www/version: no space left on device")],
        Command = "kamal deploy -P --version v2",
        Requests = Requests.AnsweredBy("v1"),
        Containers = "shop-web-v1 running",
        Output = Output.Fails("10.211.0.11: the disk is full: ", "docker system df"),
    });

    [
        Fact,
        Promise(
            "A hook `post-app-boot` that fails",
            "The new version serves, as the error says; it names the commands that finish or go back.")]
    public Task A_hook_that_fails_after_the_switch() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { ChangedFiles = [(".kamal/hooks/post-app-boot", "#!/bin/sh\nexit 3\n")] },
        Command = "kamal deploy -P --version v2",
        Requests = Requests.Switched("v1", "v2"),
        Containers = "shop-web-v1 exited, shop-web-v2 running",
        Output = Output.Fails("already serves on 10.211.0.11", "kamal app boot --version v2", "kamal rollback v1").As("HookFailed"),
    });

    [Fact, Promise("A reboot of the proxy that fails", "The error says for how long nothing has answered, and what starts it.")]
    public Task A_proxy_reboot_that_fails() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Broken =
        [
            Docker.Fails(
                "run --name kamal-proxy *",
                "docker: Error response from daemon: Bind for 0.0.0.0:80 failed: port is already allocated"),
        ],
        Command = "kamal proxy reboot -y --version v1",
        Output = Output.Fails("kamal-proxy has answered nothing on 10.211.0.11 for", "kamal proxy boot", "port is already allocated"),
    });

    [
        Fact,
        Promise(
            "A reboot of an accessory that fails before the old container is gone",
            "The old one is started again; a warning says for how long it did not answer.")]
    public Task An_accessory_reboot_that_fails() => lab.CheckAsync(new()
    {
        App = App.New with { Configuration = Box, Prepared = ["kamal accessory boot box --version v1"] },
        Broken = [Docker.Fails("container prune *")],
        Command = "kamal accessory reboot box --version v1",
        Containers = "shop-box running",
        Output = Output.Fails("The accessory box answered nothing on 10.211.0.11 for", "it is running again"),
    });

    [
        Fact,
        Promise(
            "Removal of an accessory that another destination uses, with an image that another container uses",
            "A warning names the destination; the image stays, and a message names the container.")]
    public Task Removing_a_shared_accessory() => lab.CheckAsync(new()
    {
        App = App.New with
        {
            Configuration = Box,
            Files = Destinations.Files("eu", "us"),
            Prepared = ["kamal accessory boot box -d us --version v1"],
        },
        Broken = [Host.Does("docker run -d --init --name other busybox:1.35 sleep 1000")],
        Command = "kamal accessory remove box -y -d eu --version v1 6>&1",
        Containers = "other running",
        Output = Output.Succeeds(
            "The accessory box (shop-box on 10.211.0.11) is used by the destination us too",
            "The image busybox:1.35 of the accessory box stays on 10.211.0.11, since other containers use it: other"),
        OnServer = "docker image inspect busybox:1.35 >/dev/null",
    });

    [
        Fact,
        Promise(
            "Removal of an accessory that another destination uses, without a confirmation",
            "The command asks and names that destination; nothing is removed.")]
    public Task Removing_a_shared_accessory_asks() => lab.CheckAsync(new()
    {
        App = App.New with
        {
            Configuration = Box,
            Files = Destinations.Files("eu", "us"),
            Prepared = ["kamal accessory boot box -d us --version v1"],
        },
        Command = "kamal accessory remove box -d eu --version v1",
        Containers = "shop-box running",
        Output = Output.Fails("The accessory box (shop-box on 10.211.0.11) is used by the destination us too"),
    });

    [
        Fact,
        Promise(
            "Deploy and removal of a service whose name is a prefix of another's",
            "The other one keeps its containers, its files and its route.")]
    public Task A_service_whose_name_is_a_prefix_of_another() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { Configuration = "retain_containers: 1\nproxy: { host: shop.example.com }\n" },
        Broken = [Host.Does(
            "image=$(docker inspect -f '{{.Config.Image}}' shop-web-v1); docker run -d --network kamal --label service=shop-web " +
            "--label role=web --label destination= --name shop-web-web-v1 $image; "
            + "docker create --label service=shop-web --label role=web --label destination= --name shop-web-web-v0 $image; "
            + "mkdir -p .kamal/apps/shop-web; docker exec kamal-proxy kamal-proxy deploy shop-web-web --target=shop-web-web-v1:80")],
        Command = "kamal deploy -P --version v2; kamal remove -y --version v2 6>&1",
        Containers = "shop-web-web-v0 created, shop-web-web-v1 running",
        Output = Output.Succeeds("The proxy stays"),
        OnServer =
            "docker exec kamal-proxy kamal-proxy list | grep -q shop-web-web && test -d .kamal/apps/shop-web && test ! -e .kamal/apps/shop",
    });

    [Fact, Promise("Two apps on one proxy: a deploy and the removal of one", "The other one answers every request.")]
    public async Task Two_apps_on_one_proxy()
    {
        using var shop = await Shop.OfImagesAsync(lab, App.New with { Configuration = "proxy: { host: shop.example.com }\n" });
        await lab.HaveImageAsync("v1", "other");
        await shop.DoAsync("kamal setup -P --version v1");
        await shop.DoAsync(
            "(Get-Content config/deploy.yml) -replace '^(service|image): shop', '$1: other' -notmatch '^proxy:' | Set-Content " +
            "config/other.yml; kamal deploy -P -c config/other.yml --version v1");

        using var load = await lab.LoadedAsync(1);
        await shop.DoAsync("kamal deploy -P --version v2; if ($?) { kamal remove -y --version v2 }");

        load.Terminate();
        var report = (await LoadReport.FromAsync(load)).AllAnswered();
        Assert.Equal(report.Requests, report.By("v1"));
        Assert.Equal("kamal-proxy\nother-web-v1", await lab.OnAsync(1, "docker ps -a --format '{{.Names}}' | sort"));
        Assert.Equal("other", await lab.OnAsync(1, "ls .kamal/apps"));
    }

    [
        Fact,
        Promise(
            "Two destinations on one server: deploys, pruning and the removal of one",
            "Containers, routes and files of the other one stay.")]
    public Task Two_destinations_on_one_server() => lab.CheckAsync(new()
    {
        App = App.New with
        {
            Configuration = "retain_containers: 1\n",
            Files = Destinations.Files("eu", "us"),
            Prepared =
            [
                "kamal setup -P -d eu --version v1; kamal deploy -P -d eu --version v2",
                "kamal deploy -P -d us --version v1; kamal deploy -P -d us --version v2",
            ],
        },
        Command = "kamal prune all -d us --version v2; kamal remove -y -d us --version v2 6>&1",
        Containers = "shop-web-eu-v1 exited, shop-web-eu-v2 running",
        Output = Output.Succeeds("The proxy stays"),
        OnServer = "docker exec kamal-proxy kamal-proxy list | grep -q shop-web-eu && test -d .kamal/apps/shop-eu && test ! -e " +
            ".kamal/apps/shop-us && docker exec shop-web-eu-v2 wget -qO- --header 'Host: eu.example.com' http://kamal-proxy/ | grep " +
            "-q '^v2 '",
    });
}
