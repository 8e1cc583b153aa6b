namespace Kamal.Lab.Tests;

/// <summary>Deploys as accounts that are not root.</summary>
[Chapter("Accounts that are not root", 5)]
public sealed class AccountScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [
        Fact,
        Promise(
            "Setup, deploy and removal as a member of the `docker` group",
            "All works; secrets are files that only this account can read.")]
    public async Task A_member_of_the_docker_group_deploys_and_removes()
    {
        using var shop = await Shop.CreateAsync(lab, [1], "env: { secret: [ APP_SECRET ] }\nasset_path: /app/public/assets\n", "deploy");
        await using var user = await lab.WithUserAsync(1, "deploy", "docker");

        await shop.DoAsync("Invoke-KamalSetup");
        await shop.CommitAsync("v2");
        await shop.DoAsync("Invoke-KamalDeploy");

        Assert.StartsWith("v2 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        // Secrets are the account's own to read: the app's, and the registry's password.
        Assert.Equal(
            "600 deploy\n600 deploy",
            await lab.OnAsync(1, "deploy", "stat -c '%a %U' .kamal/apps/shop/env/roles/web.env .docker/config.json"));
        Assert.Contains(
            "s3cr3t-of-the-app", await lab.OnAsync(1, "deploy", "cat .kamal/apps/shop/env/roles/web.env"),
            StringComparison.Ordinal);
        Assert.Equal("", await lab.OnAsync(1, "deploy", "find .kamal ! -user deploy"));
        Assert.Equal("", await lab.OnAsync(1, "ls -d .kamal .docker 2>/dev/null || true"));
        var found = await shop.DoAsync("Get-KamalContainer | ForEach-Object { '{0} {1}' -f $_.ContainerName, $_.State }");
        Assert.Contains($"shop-web-{await shop.VersionAsync()} Running", found.Lines);

        await shop.DoAsync("Remove-KamalDeployment -Confirm:$false");
        Assert.Equal("", await lab.OnAsync(1, "deploy", "docker ps -aq; find .kamal -path '*shop*' ! -name '*audit.log' ! -path '*-history*'"));
    }

    [Fact, Promise("Setup with `sudo` on a server without Docker", "Docker is installed, and used in the same run.")]
    public async Task With_sudo_Docker_is_installed_and_used_in_the_same_run()
    {
        using var shop = await Shop.CreateAsync(lab, [1], user: "ops");
        await using var user = await lab.WithUserAsync(1, "ops", "sudo");
        await using var docker = await lab.WithoutDockerAsync(1);

        var setup = await shop.DoAsync("Invoke-KamalSetup -Verbose");

        Assert.Contains("Install Docker", setup.Text, StringComparison.Ordinal);
        Assert.Contains("docker", (await lab.OnAsync(1, "id -nG ops")).Split(' '));
        Assert.StartsWith("v1 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        Assert.Equal("600 ops", await lab.OnAsync(1, "ops", "stat -c '%a %U' .docker/config.json"));
    }

    [Fact, Promise("An account that may not use Docker", "The error says what to do.")]
    public async Task Who_may_not_use_Docker_is_told_what_to_do()
    {
        using var shop = await Shop.CreateAsync(lab, [1], user: "ops");
        await using var user = await lab.WithUserAsync(1, "ops", "sudo");

        var look = await shop.RunAsync(
            "Get-KamalContainer -ErrorAction SilentlyContinue -ErrorVariable no; $no | ForEach-Object { " +
            "$_.ErrorDetails.RecommendedAction }");

        Assert.Contains("sudo usermod -aG docker $USER", look.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("docker", await lab.OnAsync(1, "id -nG ops"), StringComparison.Ordinal);
    }

    [
        Fact,
        Promise(
            "A certificate, deployed by a member of the `docker` group",
            "Only the proxy's account can read the key. Another account is told, before anything changes, that the proxy does not " +
            "read its files.")]
    public async Task A_certificate_of_an_account_that_is_not_root()
    {
        using var shop = await Shop.OfImagesAsync(
            lab, App.New with { Configuration = Certificate.Configuration, Secrets = Certificate.Secrets(), User = "deploy" });
        await using var user = await lab.WithUserAsync(1, "deploy", "docker");
        await shop.DoAsync("kamal setup -P --version v1");
        Assert.Equal(
            "400 1001", await lab.OnAsync(1, "stat -c '%a %u' /home/deploy/.kamal/proxy/apps-config/shop/tls/web/current/key.pem"));

        var configuration = await File.ReadAllTextAsync(shop.PathOf("config/deploy.yml"), Cancel);
        Assert.Contains("user: deploy\n", configuration, StringComparison.Ordinal);
        shop.Write("config/deploy.yml", configuration.Replace("user: deploy\n", "user: root\n", StringComparison.Ordinal));
        var other = await shop.RunAsync("kamal deploy -P --version v2");

        Assert.Contains("the proxy was booted by another account", other.Text, StringComparison.Ordinal);
        Assert.Contains(
            "it reads /home/deploy/.kamal/proxy/apps-config, this account writes /root/.kamal/proxy/apps-config", other.Text,
            StringComparison.Ordinal);
        Assert.NotEqual(0, other.ExitCode);
        Assert.Equal(
            "shop-web-v1",
            await lab.OnAsync(
                1, "docker ps -a --filter label=service=shop --format '{{.Names}}'; ls -d .kamal .docker 2>/dev/null || true"));
    }
}
