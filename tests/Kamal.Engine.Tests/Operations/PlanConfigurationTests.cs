using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>A plan is what happens, whatever the configuration; see <see cref="PlanTests"/>.</summary>
public sealed class PlanConfigurationTests : IDisposable
{
    private static readonly Dictionary<string, string> Configurations = new()
    {
        ["one host"] = "servers: [ 1.1.1.1 ]",
        ["a role without a proxy"] = "servers: { web: { hosts: [ 1.1.1.1, 1.1.1.2 ], proxy: false } }",
        ["several roles on one host"] = """
            servers:
              web: [ 1.1.1.1 ]
              api: { hosts: [ 1.1.1.1 ], proxy: { host: api.example.com } }
              worker: { hosts: [ 1.1.1.1 ], cmd: work }
            boot: { parallel_roles: true }
            """,
        ["groups"] = """
            servers: { web: [ 1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4 ], worker: { hosts: [ 1.1.1.3, 1.1.1.5 ], cmd: work } }
            boot: { limit: 2, wait: 1 }
            """,
        ["groups of roles side by side"] = """
            servers: { web: [ 1.1.1.1, 1.1.1.2 ], worker: { hosts: [ 1.1.1.1, 1.1.1.2, 1.1.1.3 ], cmd: work } }
            boot: { limit: "25%", parallel_roles: true }
            """,
        ["assets and error pages"] = """
            servers: { web: [ 1.1.1.1, 1.1.1.2 ], api: { hosts: [ 1.1.1.2 ], proxy: true, asset_path: "/api:ro" } }
            asset_path: /app/public
            error_pages_path: public
            """,
        ["a local registry"] = "registry: { server: \"localhost:5000\" }\nservers: [ 1.1.1.1, 1.1.1.2 ]",
        ["accessories on roles and tags"] = """
            servers: { web: [ { 1.1.1.1: near }, 1.1.1.2 ], worker: { hosts: [ { 1.1.1.3: [ near, far ] } ], cmd: work } }
            env: { clear: { A: a }, secret: [ PW ], tags: { near: { B: b } } }
            accessories:
              db: { image: "mysql:8", roles: [ web ], volumes: [ "db:/db" ] }
              cache: { image: redis, tags: [ near, far ], port: "6379", network: other }
              queue: { image: "queue:1", tag: far, registry: { server: ghcr.io, username: me, password: [ PW ] } }
            """,
        ["own certificates"] = """
            servers: [ 1.1.1.1, 1.1.1.2 ]
            proxy: { host: app.example.com, ssl: { certificate_pem: CERT, private_key_pem: KEY } }
            accessories:
              search:
                image: search
                host: 1.1.1.3
                proxy: { host: s.example.com, ssl: { certificate_pem: CERT2, private_key_pem: KEY2 }, run: { http_port: 8080 } }
            """,
        ["another primary role"] = """
            servers: { web: [ 1.1.1.1 ], worker: { hosts: [ 1.1.1.2 ], cmd: work } }
            primary_role: worker
            """,
        ["hosts that go back together"] = """
            servers: { web: [ 1.1.1.1, 1.1.1.2 ], worker: { hosts: [ 1.1.1.2 ], cmd: work } }
            x-kamal-ps: { on_host_failure: rollback, max_failure: 1, skip_unreachable: true }
            """,
        ["an image that is transferred directly"] = """
            servers: [ 1.1.1.1, 1.1.1.2 ]
            x-kamal-ps: { transfer: direct }
            """,
        ["another directory and account"] = """
            servers: [ 1.1.1.1 ]
            run_directory: /etc/kamal
            ssh: { user: app }
            stop_timeout: 7
            aliases: { console: app exec sh }
            """,
    };

    private static readonly PlannedOperation[] Operations =
    [
        PlannedOperation.Setup, PlannedOperation.Deploy, PlannedOperation.Redeploy, PlannedOperation.Rollback, PlannedOperation.Remove,
        PlannedOperation.AccessoryReboot, PlannedOperation.ProxyReboot,
    ];

    private readonly OperationFixture _fixture = new OperationFixture { Secrets = new CertificateSecrets(), Clock = new QuickClock() }
        .Write("public/503.html", "later").Write("Dockerfile", "FROM scratch\n");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Configurations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task It_shows_what_runs(string configuration) => CompareAsync(Configurations[configuration]);

    [Fact]
    public Task It_shows_what_runs_for_a_destination()
    {
        _fixture.Destination = "eu";
        _fixture.Write("config/deploy.eu.yml", "servers: { web: [ 1.1.2.1, 1.1.2.2 ] }\nproxy: { host: eu.example.com }\n");
        return CompareAsync(Configurations["assets and error pages"]);
    }

    public void Dispose() => _fixture.Dispose();

    private async Task CompareAsync(string configuration)
    {
        _fixture.Configure(configuration);
        foreach (var operation in Operations)
        {
            var sink = new RecordingSink();
            var shown = await PlanAsync(operation, sink);
            var fleet = new RecordingFleet(sink);
            fleet.Answer("Look for Docker", "Docker version 29.0.1");
            await RunAsync(operation, await _fixture.ContextAsync(fleet), sink);

            var ran = fleet.Scripts.SelectMany(one => one.Script.Steps.Select(step => $"{one.Phase} on {one.HostName}: {step.Name}"));
            Assert.Equal(shown.Prepend($"{operation}"), ran.Prepend($"{operation}"));

            var preview = new RecordingSink();
            await RunAsync(operation, await _fixture.ContextAsync(new PreviewFleet(preview)), preview);
            Assert.Equal(shown.Prepend($"{operation}"), preview.Events.OfType<Events.StepPreviewed>()
                .Select(step => $"{step.Phase} on {step.HostName}: {step.Step.Name}").Prepend($"{operation}"));
        }
    }

    private async Task<IReadOnlyList<string>> PlanAsync(PlannedOperation operation, RecordingSink sink)
    {
        var context = await _fixture.ContextAsync(new PreviewFleet(sink));
        return [.. PlanTests.LinesOf(await PlanView.OfAsync(await PlanAsync(operation, context), context, Token))];
    }

    private static Task<Plan> PlanAsync(PlannedOperation operation, KamalContext context) => operation switch
    {
        PlannedOperation.Setup => DeployOperations.Setup(new() { SkipPush = true }).PlanAsync(context, Token),
        PlannedOperation.Deploy => DeployOperations.Deploy(new() { SkipPush = true }).PlanAsync(context, Token),
        PlannedOperation.Redeploy => DeployOperations.Redeploy(new() { SkipPush = true }).PlanAsync(context, Token),
        PlannedOperation.Rollback => DeployOperations.Rollback("v0").PlanAsync(context, Token),
        PlannedOperation.Remove => ServiceOperations.Remove().PlanAsync(context, Token),
        PlannedOperation.AccessoryReboot => AccessoryOperations.Reboot([]).PlanAsync(context, Token),
        _ => ProxyOperations.Reboot(rolling: true).PlanAsync(context, Token),
    };

    private static Task RunAsync(PlannedOperation operation, KamalContext context, RecordingSink sink) => operation switch
    {
        PlannedOperation.Setup => DeployOperations.Setup(new() { SkipPush = true }).RunAsync(context, sink, Token),
        PlannedOperation.Deploy => DeployOperations.Deploy(new() { SkipPush = true }).RunAsync(context, sink, Token),
        PlannedOperation.Redeploy => DeployOperations.Redeploy(new() { SkipPush = true }).RunAsync(context, sink, Token),
        PlannedOperation.Rollback => DeployOperations.Rollback("v0").RunAsync(context, sink, Token),
        PlannedOperation.Remove => ServiceOperations.Remove().RunAsync(context, sink, Token),
        PlannedOperation.AccessoryReboot => AccessoryOperations.Reboot([]).RunAsync(context, sink, Token),
        _ => ProxyOperations.Reboot(rolling: true).RunAsync(context, sink, Token),
    };
}
