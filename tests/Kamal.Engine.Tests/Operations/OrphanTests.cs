using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>What is an orphan and what is not, on hosts that answer as real ones do.</summary>
public sealed class OrphanTests : IDisposable
{
    private const string Host = "1.1.1.1";
    private const string Former = "1.1.1.9";
    private const string Apps = ".kamal/apps";

    private readonly OperationFixture _fixture = new OperationFixture().Configure("servers: { web: [ 1.1.1.1 ] }");
    private readonly List<string> _containers = [];
    private readonly List<string> _images = [];
    private readonly List<string> _ownImages = [];
    private readonly List<string> _routes = [];
    private readonly List<string> _files = [];

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_host_that_matches_the_configuration_has_none()
    {
        Container("app-web-v2").Container("app-web-v1", state: "exited").Route("app-web", "app-web-v2")
            .Image("dhh/app:v2").Image("dhh/app:v1").Image("dhh/app:latest").Image("dhh/app:v0")
            .File($"{Apps}/app").File($"{Apps}/app/env/roles/web.env", "regular file").File($"{Apps}/app/assets/volumes/web-v2");
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task A_role_that_is_gone_leaves_its_container_route_file_assets_and_image()
    {
        Container("app-web-v2").Container("app-job-v1", role: "job").Route("app-job", "app-job-v1").Route("app-web", "app-web-v2")
            .Image("dhh/app:v1").Image("dhh/app:v2").Image("dhh/app:latest")
            .File($"{Apps}/app/env/roles/job.env", "regular file").File($"{Apps}/app/env/roles/web.env", "regular file")
            .File($"{Apps}/app/assets/extracted/job-v1").File($"{Apps}/app/assets/volumes/web-v2")
            .File(".kamal/proxy/apps-config/app/tls/job").File(".kamal/proxy/apps-config/app/tls/web");
        var found = await FindAsync();
        Assert.Equal(
            [
                "Route app-job", "Container app-job-v1", $"EnvFile {Apps}/app/env/roles/job.env",
                $"Assets {Apps}/app/assets/extracted/job-v1", "Directory .kamal/proxy/apps-config/app/tls/job", "Image dhh/app:v1",
            ],
            Names(found));
        Assert.All(found, one => Assert.Equal(
            (KamalOrphanReason.RoleGone, "job", "the configuration has no role job", Host), (one.Reason, one.Role, one.Why, one.HostName)));
        Assert.Equal(("running", 1_790_000_000), (found[1].State, found[2].CreatedAt!.Value.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task A_role_that_moved_to_another_host_leaves_what_it_had()
    {
        _fixture.Configure("servers: { web: [ 1.1.1.1 ], job: { hosts: [ 1.1.1.2 ] } }");
        Container("app-job-v1", role: "job");
        var orphan = Assert.Single(await FindAsync());
        Assert.Equal((KamalOrphanReason.RoleMoved, "the role job does not run on this host"), (orphan.Reason, orphan.Why));
    }

    [Fact]
    public async Task Assets_that_may_be_of_a_role_that_runs_here_are_kept()
    {
        Container("app-web-next-v1", role: "web-next").File($"{Apps}/app/assets/volumes/web-next-v1");
        Assert.Equal(["Container app-web-next-v1"], Names(await FindAsync()));
    }

    [Fact]
    public async Task A_role_without_a_proxy_any_more_leaves_its_route()
    {
        _fixture.Configure("servers: { web: { hosts: [ 1.1.1.1 ], proxy: false } }");
        Container("app-web-v1").Route("app-web", "app-web-v1");
        Assert.Equal(KamalOrphanReason.NotProxied, Assert.Single(await FindAsync()).Reason);
    }

    [Fact]
    public async Task A_route_to_a_container_that_is_gone_is_known_by_the_environment_file()
    {
        Route("app-job", "0123456789ab").Route("app-other", "0123456789ab").File($"{Apps}/app/env/roles/job.env", "regular file");
        Assert.Equal(["Route app-job", $"EnvFile {Apps}/app/env/roles/job.env"], Names(await FindAsync()));
    }

    [Fact]
    public async Task A_renamed_accessory_leaves_its_container_and_its_data()
    {
        _fixture.Configure(
            "servers: [ 1.1.1.1 ]\naccessories: { mysql: { image: \"mysql:8\", host: 1.1.1.1, volumes: [ \"shared:/x\" ] } }");
        Accessory("app-db", "mysql:5", "db-data,shared,/root/app-db/data").Accessory("app-mysql", "mysql:8")
            .Image("mysql:5", own: false).Image("mysql:8", own: false)
            .File($"{Apps}/app/env/accessories/db.env", "regular file").File($"{Apps}/app/env/accessories/mysql.env", "regular file")
            .File("./app-db").File("./app-mysql").File("./app-notes");
        var found = await FindAsync();
        Assert.Equal(
            ["Container app-db", $"EnvFile {Apps}/app/env/accessories/db.env", "Data ./app-db", "Volume db-data", "Image mysql:5"],
            Names(found));
        Assert.Equal(["./app-db", "db-data"], found.Where(one => one.IsData).Select(one => one.Name));
        Assert.All(found, one => Assert.Equal("db", one.Accessory));
    }

    [Fact]
    public async Task An_accessory_directory_that_a_configured_one_mounts_is_kept()
    {
        _fixture.Configure(
            "servers: [ 1.1.1.1 ]\naccessories: { mysql: { image: \"mysql:8\", host: 1.1.1.1, "
                + "volumes: [ \"app-db/data:/var/lib/mysql\" ] } }");
        File($"{Apps}/app/env/accessories/db.env", "regular file").File("./app-db");
        Assert.Equal([$"EnvFile {Apps}/app/env/accessories/db.env"], Names(await FindAsync()));
    }

    [Fact]
    public async Task Names_alone_make_nothing_an_orphan()
    {
        // An app app-admin with an accessory db and a role web, and an accessory of it that looks as one of app's.
        Container("app-admin-web-v1", service: "app-admin").Accessory("app-admin-db", "mysql:8").Accessory("app-cache", "redis:7")
            .Image("dhh/app-admin:v1", own: false).Image("mysql:8", own: false)
            .Route("app-admin-web", "app-admin-web-v1").Route("app-admin", "0123456789ab").Route("app-job-admin", "0123456789ab")
            .File($"{Apps}/app-admin").File($"{Apps}/app-admin/env/roles/web.env", "regular file")
            .File($"{Apps}/app-admin/env/accessories/db.env", "regular file").File("./app-admin-db").File("./app-cache")
            .File(".kamal/proxy/apps-config/app-admin").File(".kamal/lock-app-admin").File($"{Apps}/app-admin/assets/volumes/web-v1");
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task An_accessory_that_two_apps_may_have_is_kept()
    {
        // The accessory admin-db of app, or db of app-admin.
        Accessory("app-admin-db", "mysql:8").File($"{Apps}/app/env/accessories/admin-db.env", "regular file")
            .File($"{Apps}/app-admin/env/accessories/db.env", "regular file").File("./app-admin-db");
        Assert.Equal([$"EnvFile {Apps}/app/env/accessories/admin-db.env"], Names(await FindAsync()));
    }

    [Fact]
    public async Task A_neighbour_with_the_same_prefix_does_not_hide_an_accessory()
    {
        Accessory("app-db", "mysql:8").Accessory("app-admin-db", "mysql:8").Container("app-admin-web-v1", service: "app-admin")
            .File($"{Apps}/app/env/accessories/db.env", "regular file").File($"{Apps}/app-admin/env/accessories/db.env", "regular file");
        Assert.Equal(["Container app-db", $"EnvFile {Apps}/app/env/accessories/db.env"], Names(await FindAsync()));
    }

    [Fact]
    public async Task A_destination_without_a_file_leaves_all_that_its_labels_show()
    {
        Container("app-web-staging-v1", destination: "staging").Route("app-web-staging", "app-web-staging-v1")
            .Image("dhh/app:latest-staging").Image("dhh/app:v1").File($"{Apps}/app-staging")
            .File($"{Apps}/app-staging/env/roles/web.env", "regular file")
            .File($"{Apps}/app-staging/env/accessories/db.env", "regular file")
            .Accessory("app-db", "mysql:8").File(".kamal/proxy/apps-config/app-staging").File(".kamal/lock-app-staging")
            .File($"{Apps}/app-eu").File(".kamal/lock-app-eu");
        var found = await FindAsync();
        Assert.Equal(
            [
                "Route app-web-staging", "Container app-db", "Container app-web-staging-v1", $"Directory {Apps}/app-staging",
                "Directory .kamal/proxy/apps-config/app-staging", "Lock .kamal/lock-app-staging",
                "Image dhh/app:latest-staging", "Image dhh/app:v1",
            ],
            Names(found).Order(StringComparer.Ordinal).OrderBy(name => Array.FindIndex(Enum.GetNames<KamalOrphanKind>(), kind =>
                name.StartsWith(kind + " ", StringComparison.Ordinal))));
        Assert.All(found, one => Assert.Equal((KamalOrphanReason.DestinationGone, "staging"), (one.Reason, one.Destination)));
    }

    [Fact]
    public async Task What_another_destination_has_is_kept()
    {
        Container("app-job-staging-v1", role: "job", destination: "staging").Route("app-job-staging", "app-job-staging-v1")
            .Image("dhh/app:latest-staging").Image("dhh/app:v1").File($"{Apps}/app-staging").Accessory("app-db", "mysql:8")
            .File($"{Apps}/app/env/accessories/db.env", "regular file").File("./app-db")
            .File($"{Apps}/app-staging/env/roles/job.env", "regular file");
        var staging = await OtherAsync(
            "primary_role: job\nservers: { job: { hosts: [ 1.1.1.1 ] } }\naccessories: { db: { image: \"mysql:8\", host: 1.1.1.1 } }");
        Assert.Equal([$"EnvFile {Apps}/app/env/accessories/db.env"], Names(await FindAsync(new() { Others = [staging] })));

        var unknown = new OtherDestination("staging", null);
        Assert.Equal([$"EnvFile {Apps}/app/env/accessories/db.env"], Names(await FindAsync(new() { Others = [unknown] })));
    }

    [Fact]
    public async Task A_directory_that_a_service_and_a_destination_share_is_kept()
    {
        // The service app with the destination staging, which is gone, and the service app-staging.
        Container("app-web-staging-v1", destination: "staging").Container("app-staging-web-v1", service: "app-staging")
            .File($"{Apps}/app-staging").File($"{Apps}/app-staging/env/roles/web.env", "regular file").File(".kamal/lock-app-staging");
        Assert.Equal(["Container app-web-staging-v1"], Names(await FindAsync()));
    }

    [Fact]
    public async Task A_former_host_is_asked_too_and_has_nothing_to_keep()
    {
        Container("app-web-v1").Route("app-web", "app-web-v1").Image("dhh/app:v1").Image("dhh/app:latest")
            .File($"{Apps}/app").File($"{Apps}/app/env/roles/web.env", "regular file").Proxy();
        var found = await FindAsync(Remembering(), at: Former);
        Assert.Equal(
            [
                "Route app-web", "Container app-web-v1", $"Directory {Apps}/app", "Image dhh/app:latest", "Image dhh/app:v1",
                "Proxy kamal-proxy",
            ],
            Names(found));
        Assert.All(found, one => Assert.Equal((Former, KamalOrphanReason.HostGone), (one.HostName, one.Reason)));
        Assert.Equal((1, 1), (_fixture.Fleet.RoundTrips(Host), _fixture.Fleet.RoundTrips(Former)));
    }

    [Fact]
    public async Task The_proxy_of_a_former_host_is_kept_for_another_app()
    {
        Proxy().Container("app-web-v1").File($"{Apps}/app").File($"{Apps}/blog");
        Assert.DoesNotContain("Proxy kamal-proxy", Names(await FindAsync(Remembering(), at: Former)));
    }

    [Fact]
    public async Task A_former_host_under_a_new_name_is_forgotten()
    {
        Container("app-web-v1");
        Answer(Host);
        List<string> forgotten = [];
        Assert.Empty(await FindAsync(Remembering(forgotten), at: Former));
        Assert.Equal([Former], forgotten);

        _containers.Clear();
        _fixture.Fleet.Answer("Identify the machine", "boot\n1:2");
        File($"{Apps}/app");
        Assert.Empty(await FindAsync(Remembering(forgotten), at: Former));
        Assert.Equal([Former, Former], forgotten);
    }

    [Fact]
    public async Task A_former_host_that_does_not_answer_can_be_forgotten()
    {
        List<string> forgotten = [];
        _fixture.Fleet.Unreachable(Former);
        var orphan = Assert.Single(await FindAsync(Remembering(forgotten)));
        Assert.Equal(("Host 1.1.1.9", KamalOrphanReason.HostGone), ($"{orphan.Kind} {orphan.Name}", orphan.Reason));
        Assert.Empty(forgotten);

        await _fixture.RunAsync(OrphanOperations.Remove([orphan], Remembering(forgotten)));
        Assert.Equal([Former], forgotten);
    }

    [Fact]
    public async Task A_plan_names_orphans_in_the_same_round_trip()
    {
        Container("app-web-v1").Container("app-job-v1", role: "job");
        Answer(Host);
        var plan = await _fixture.RunAsync(PlanOperations.Describe(
            new(PlannedOperation.Deploy) { Live = true, Orphans = OrphanSources.None }));
        Assert.Equal(["Container app-job-v1"], Names(plan.Orphans));
        Assert.Equal(1, _fixture.Fleet.RoundTrips(Host));
        Assert.Contains(
            "1.1.1.1: container app-job-v1 (running): the configuration has no role job", plan.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exactly_what_is_still_an_orphan_is_removed()
    {
        Container("app-web-v1").Container("app-job-v1", role: "job").Route("app-job", "app-job-v1").Image("dhh/app:v1").Image("dhh/app:v0")
            .File($"{Apps}/app/env/roles/job.env", "regular file").File($"{Apps}/app/env/accessories/db.env", "regular file")
            .Accessory("app-db", "mysql:8", "db-data").File("./app-db");
        var found = await FindAsync();
        var other = found[0] with { Name = "blog-web" };

        var results = await _fixture.RunAsync(OrphanOperations.Remove([.. found, other], OrphanSources.None));

        var ran = _fixture.Fleet.Scripts.Last(script => script.Phase == "Remove orphans").Script.Steps;
        Assert.Equal(
            [
                "docker exec kamal-proxy kamal-proxy remove app-job",
                $"docker container stop {IdOf("app-db")} >/dev/null", $"docker container stop {IdOf("app-job-v1")} >/dev/null",
                $"rm -rf -- {Apps}/app/env/accessories/db.env", $"rm -rf -- {Apps}/app/env/roles/job.env", "rm -rf -- ./app-db",
                $"docker container rm {IdOf("app-db")} >/dev/null", $"docker container rm {IdOf("app-job-v1")} >/dev/null",
                "docker volume rm db-data >/dev/null",
            ],
            ran.Skip(1).Select(step => step.Command.Text));
        Assert.Contains("Removed orphans: route app-job, container app-db,", ran[0].Command.Text, StringComparison.Ordinal);
        Assert.Equal(HostOutcome.Succeeded, Assert.Single(results).Outcome);
        Assert.Contains(_fixture.Sink.Events.OfType<MessageEmitted>(), message =>
            message.Text == "blog-web is no longer an orphan, so it is not removed.");
    }

    [Fact]
    public async Task Hostile_answers_are_escaped_or_refused()
    {
        Container("app-x\u001b[2J-v1", role: "j\u202Eob").File("./app-db\u001b]0;x")
            .File($"{Apps}/app/../../x").File($"{Apps}/app/env/roles/../x.env");
        var orphan = Assert.Single(await FindAsync());
        Assert.Equal("container app-x\\u{1b}[2J-v1 (running)", orphan.ToString());

        _fixture.Fleet.Answer("List all containers", "{", Host);
        await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(OrphanOperations.Find(OrphanSources.None)));
    }

    private static string IdOf(string name) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
        System.Text.Encoding.UTF8.GetBytes(name)));

    private static IEnumerable<string> Names(IEnumerable<KamalOrphan> orphans) => orphans.Select(one => $"{one.Kind} {one.Name}");

    private static OrphanSources Remembering(List<string>? forgotten = null) => new()
    {
        Remembered = [new(Former, "") { Roles = ["web"] }],
        Forget = host => forgotten?.Add(host.HostName),
    };

    private static async Task<OtherDestination> OtherAsync(string lines)
    {
        using var fixture = new Configuration.ConfigurationFixture();
        fixture.Write("config/deploy.yml", Configuration.ConfigurationFixture.Combine(lines)).Write("config/deploy.staging.yml", "{}\n");
        return new("staging", await fixture.LoadAsync("staging"));
    }

    private async Task<IReadOnlyList<KamalOrphan>> FindAsync(OrphanSources? sources = null, string at = Host)
    {
        Answer(at);
        return await _fixture.RunAsync(OrphanOperations.Find(sources ?? OrphanSources.None));
    }

    private void Answer(string host) => _fixture.Fleet
        .Answer("List all containers", string.Join('\n', _containers), host)
        .Answer("List all images", string.Join('\n', _images), host)
        .Answer("List the service's images", string.Join('\n', _ownImages), host)
        .Answer("Read all routes", $"[{string.Join(',', _routes)}]", host)
        .Answer("List Kamal's files", string.Join('\n', _files), host);

    private OrphanTests Container(
        string name, string service = "app", string role = "web", string destination = "", string state = "running")
    {
        var version = name[(name.LastIndexOf('-') + 1)..];
        _containers.Add(JsonSerializer.Serialize(new
        {
            id = IdOf(name), name, image = $"dhh/{service}:{version}", state, status = "Up 2 hours", ports = "",
            created = "2026-01-02 15:04:05 +0000 UTC", service, role, destination, mounts = "",
        }));
        return this;
    }

    private OrphanTests Accessory(string name, string image, string mounts = "")
    {
        _containers.Add(JsonSerializer.Serialize(new
        {
            id = IdOf(name), name, image, state = "running", service = name, role = "", mounts,
        }));
        return this;
    }

    private OrphanTests Proxy()
    {
        _containers.Add(JsonSerializer.Serialize(new
        {
            id = IdOf("proxy"), name = "kamal-proxy", image = "basecamp/kamal-proxy", state = "running",
        }));
        return this;
    }

    private OrphanTests Image(string name, bool own = true)
    {
        var parts = name.Split(':');
        _images.Add(JsonSerializer.Serialize(new { id = "sha256:" + IdOf(name), repository = parts[0], tag = parts[1], size = "20MB" }));
        if (own) _ownImages.Add("sha256:" + IdOf(name));
        return this;
    }

    private OrphanTests Route(string name, string container)
    {
        var target = (container.Contains('-', StringComparison.Ordinal) ? IdOf(container)[..12] : container) + ":80";
        _routes.Add(JsonSerializer.Serialize(new { name, active_targets = ImmutableArray.Create(target) }));
        return this;
    }

    private OrphanTests File(string path, string type = "directory")
    {
        _files.Add($"{type}|10|1790000000|{path}");
        return this;
    }
}
