using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Results;

namespace Kamal.Tests.Views;

/// <summary>Results as cmdlets write them, for each type.</summary>
public static class ViewSamples
{
    private const string New = "54e13d6a0b1c2d3e4f5061728394a5b6c7d8e9f0";
    private const string Old = "4f926d91d2e3f4a5b6c7d8e9f00112233445566a";
    private const string Repository = "registry.example.com/acme/shop";
    private const string Web1 = "web1.example.com";
    private const string Web2 = "web2.example.com";
    private const string Worker = "worker1.example.com";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly KamalCause Crash = new(CauseName.Crashes, "The container's process ends with exit code 1")
    {
        Evidence = ["State: exited (1)", "Log: KeyError: DATABASE_URL"], NextStep = "Set DATABASE_URL in env of deploy.yml.",
    };

    private static readonly KamalProxyService Route = new(Web1, "shop-web")
    {
        Domains = ["shop.example.com"], Paths = ["/"], Targets = ["3f2a1b0c9d8e:3000"], State = "running", Tls = true,
    };

    private static readonly KamalPlanHost PlanHost = new(Web1)
    {
        Role = "web",
        Steps =
        [
            new("Start the new container", "docker run --detach --restart unless-stopped --name shop-web-54e13d6 acme/shop:54e13d6")
                { IsChange = true, Role = "web" },
            new("Read the state of the container", "docker inspect --format '{{.State.Status}}' shop-web-54e13d6") { IsCheck = true },
        ],
    };

    private static readonly KamalPlanPhase PlanPhase = new("Boot the primary role") { Hosts = [PlanHost] };

    private static readonly KamalDeploymentHost[] Parts =
    [
        new(Web1, "web", KamalDeploymentOutcome.Succeeded) { PreviousVersion = Old, Duration = TimeSpan.FromSeconds(9) },
        new(Worker, "worker", KamalDeploymentOutcome.RolledBack) { PreviousVersion = Old, Duration = TimeSpan.FromSeconds(31) },
    ];

    /// <summary>The samples of each file of docs/views: of one type, or of several that share a table.</summary>
    public static IReadOnlyDictionary<string, object[]> All { get; } = new Dictionary<string, object[]>
    {
        ["KamalDeployResult"] = Deployed,
        ["KamalDeployResult-failed"] =
        [
            Deploy(Web1, "web", HostOutcome.Failed, KamalDeployState.RolledBack, 12.3),
            Deploy(Web2, "web", HostOutcome.Failed, KamalDeployState.KeptOld, 31) with { Cause = Crash },
            Deploy(Worker, "worker", HostOutcome.Skipped, KamalDeployState.Skipped, 0),
            Deploy("ec2-203-0-113-25.compute-1.amazonaws.com", "worker", HostOutcome.Failed, KamalDeployState.Failed, 1.25) with
            {
                Version = "2026.01.02-hotfix", PreviousVersion = null,
            },
        ],
        ["KamalHostResult"] =
        [
            Host(Web1, "Start the app", 0.4) with { Role = "web" }, Host(Web2, "Start the app", 0.5) with { Role = "web" },
            Host(Worker, "Remove the old containers", 7.05) with { Outcome = HostOutcome.Failed },
        ],
        ["KamalOperationResult"] =
        [
            Host(Web1, "Install Docker", 41), Host(Worker, "Look for Docker", 0.2),
            new KamalRegistrySession(null, "registry.example.com", "Log in", HostOutcome.Succeeded) { Duration = Second },
            Built, Host(Worker, "Boot", 8.4) with { Accessory = "db" }, Host(Web1, "Boot the proxy", 2.2), .. Deployed,
        ],
        ["KamalRegistrySession"] =
        [
            new KamalRegistrySession(null, "registry.example.com", "Log in", HostOutcome.Succeeded) { Duration = Second },
            new KamalRegistrySession(Web1, "registry.example.com", "Log in", HostOutcome.Failed) { Duration = Second },
        ],
        ["KamalImageBuild"] = [Built],
        ["KamalContainer"] =
        [
            new KamalContainer(Web1, KamalContainerKind.App, $"shop-web-{New}")
            {
                ContainerId = "3f2a1b0c9d8e", Service = "shop", Role = "web", Version = New, State = KamalContainerState.Running,
                Status = "Up 3 minutes (healthy)", Image = $"{Repository}:{New}", Health = "healthy", CreatedAt = Noon,
            },
            new KamalContainer(Web1, KamalContainerKind.App, $"shop-web-{Old}")
            {
                ContainerId = "0a1b2c3d4e5f", Service = "shop", Role = "web", Version = Old, State = KamalContainerState.Exited,
                Status = "Exited (0) 3 minutes ago", Image = $"{Repository}:{Old}", CreatedAt = Noon.AddDays(-2),
            },
            new KamalContainer(Worker, KamalContainerKind.Accessory, "shop-db")
            {
                Service = "shop-db", Accessory = "db", Version = "17.2", State = KamalContainerState.Running, Status = "Up 5 weeks",
                Image = "postgres:17.2", Ports = "127.0.0.1:5432->5432/tcp",
            },
            new KamalContainer(Web1, KamalContainerKind.Proxy, "kamal-proxy")
            {
                Version = "v0.9.2", State = KamalContainerState.Restarting, Status = "Restarting (1) 2 seconds ago",
                Image = "basecamp/kamal-proxy:v0.9.2",
            },
        ],
        ["KamalStaleContainer"] = [new KamalStaleContainer(Web1, "web", Old) { ContainerName = $"shop-web-{Old}", Stopped = true }],
        ["KamalAppVersion"] = [new KamalAppVersion(Web1, "web", New), new KamalAppVersion(Worker, "worker", null)],
        ["KamalDeployment"] =
        [
            new KamalDeployment(Noon, "deploy", New, KamalDeploymentOutcome.Succeeded)
            {
                PreviousVersion = Old, Performer = "alice@example.com", From = "laptop", Duration = TimeSpan.FromSeconds(9.2),
                Hosts = [Parts[0]],
            },
            new KamalDeployment(Noon.AddHours(1), "rollback", Old, KamalDeploymentOutcome.RolledBack)
            {
                PreviousVersion = New, Performer = "deploy-bot@ci.example.com", Duration = TimeSpan.FromSeconds(31), Hosts = [.. Parts],
            },
        ],
        ["KamalDeploymentHost"] = [.. Parts],
        ["KamalHostCheck"] =
        [
            new KamalHostCheck(Web1)
            {
                IsReachable = true, DockerVersion = "27.5.1", Architecture = "amd64", FreeBytes = 44_556_677_889, ProxyState = "running",
                ProxyVersion = "v0.9.2", ClockOffset = TimeSpan.FromSeconds(1), LockedBy = "alice@example.com",
            },
            new KamalHostCheck(Web2)
            {
                IsReachable = true, FreeBytes = 123_456_789, PortsInUse = ["port 80: process nginx (812)"],
                Causes = [new(CauseName.Unknown, "Docker is not installed")],
            },
            new KamalHostCheck(Worker) { Causes = [new(CauseName.Unknown, "Connection refused")] },
        ],
        ["KamalImage"] =
        [
            new KamalImage(Web1, Repository, New)
            {
                ImageId = "9f8e7d6c5b4a", CreatedAt = Noon, Size = 243_000_000, MissingOn = [Worker],
            },
            new KamalImage(Web1, Repository, "latest") { ImageId = "9f8e7d6c5b4a", CreatedAt = Noon, Size = 1_050_000_000 },
        ],
        ["KamalDiskUsage"] =
        [
            new KamalDiskUsage(Web1)
            {
                Directory = "/var/lib/docker", FreeBytes = 41_500_000_000, TotalBytes = 80_000_000_000, ImageBytes = 12_340_000_000,
                UnusedImageBytes = 9_870_000_000, ContainerBytes = 1_200_000, VolumeBytes = 2_100_000_000, BuildCacheBytes = 0,
                UnusedBuildCacheBytes = 0,
            },
            new KamalDiskUsage(Worker) { FreeBytes = 900_000_000, TotalBytes = 20_000_000_000, ImageBytes = 243_000_000 },
        ],
        ["KamalBuilder"] =
        [
            new KamalBuilder(BuilderKind.Remote, true)
            {
                Name = "kamal-remote-ssh---app-builder-example-com", Driver = "docker-container", Architectures = ["amd64", "arm64"],
                Remote = "ssh://app@builder.example.com",
            },
        ],
        ["KamalLock"] =
        [
            new KamalLock(Web1, true)
            {
                LockedBy = "alice@example.com", LockedAt = Noon, Version = New, Message = "Automatic deploy lock", Owner = "9f8e7d6c5b4a",
                UserName = "alice", MachineName = "laptop", ProcessId = 4711, Heartbeat = Noon.AddMinutes(2), IsStale = true,
                StaleReason = "no sign of life for 3 minutes",
            },
        ],
        ["KamalLogLine"] =
        [
            Line("Listening on 0.0.0.0:3000"), Line("GET /up 200 in 1 ms"), Line("\e[31mKeyError\e[0m: DATABASE_URL"),
        ],
        ["KamalCommandResult"] =
        [
            new KamalCommandResult(Web1, 0, "Linux\n6.12.0") { Role = "web" }, new KamalCommandResult(Worker, 1, ""),
        ],
        ["KamalAuditEntry"] =
        [
            new KamalAuditEntry(Web1, $"Booted app version {New}") { RecordedAt = Noon, Performer = "alice@example.com", Role = "web" },
            new KamalAuditEntry(Web1, "Rebooted proxy") { RecordedAt = Noon.AddHours(1), Performer = "alice@example.com" },
        ],
        ["KamalPlan"] =
        [
            new KamalPlan("Deploy", "shop")
            {
                Version = "54e13d6", HostCount = 1, StepCount = 2, ChangeCount = 1, Phases = [new("Check the secrets"), PlanPhase],
            },
        ],
        ["KamalPlanPhase"] = [PlanPhase, new KamalPlanPhase("Check the hosts") { Condition = "a host is not connected yet" }],
        ["KamalPlanHost"] = [PlanHost],
        ["KamalPlanStep"] = [.. PlanHost.Steps],
        ["KamalOrphan"] =
        [
            new KamalOrphan(Worker, KamalOrphanKind.Container, $"shop-job-{Old}")
            {
                Reason = KamalOrphanReason.RoleGone, Why = "the configuration has no role job", Role = "job", State = "running",
            },
            new KamalOrphan(Worker, KamalOrphanKind.Data, "./shop-cache")
            {
                Reason = KamalOrphanReason.AccessoryGone, Why = "the configuration has no accessory cache", Accessory = "cache",
                Size = 12_000_000,
            },
        ],
        ["KamalPlanChange"] =
        [
            new KamalPlanChange(Web1, "App", "Deploy")
            {
                Role = "web", Target = $"shop-web-{New}", From = Old, To = New, Key = "env/clear", Names = ["GREETING"],
                AppliedBy = "Invoke-KamalDeploy",
            },
            new KamalPlanChange(Worker, "Accessory", "Reboot")
            {
                Accessory = "db", Target = "shop-db", From = "postgres:16", To = "postgres:17", Cost = "db is down while it restarts",
            },
        ],
        ["KamalProxy"] =
        [
            new KamalProxy(Web1, KamalContainerState.Running) { Version = "v0.9.2", Services = [Route] },
            new KamalProxy(Web2, KamalContainerState.Unknown) { Problem = "There is no proxy." },
        ],
        ["KamalProxyService"] = [Route],
        ["KamalProxyBootConfig"] =
        [
            new KamalProxyBootConfig(
                Web1, "--publish 80:80 --publish 443:443 --log-opt max-size=10m", "basecamp/kamal-proxy:v0.9.2", "kamal-proxy run --debug"),
        ],
        ["KamalSecret"] = [new KamalSecret("DATABASE_URL", new("postgres://app:word@db/shop")), new KamalSecret("EMPTY", null)],
        ["KamalStatus"] =
        [
            new KamalStatus(Web1, "web")
            {
                Version = New, ContainerName = $"shop-web-{New}", State = "running", Health = "healthy", Age = TimeSpan.FromHours(5),
                Restarts = 0, RequestsPerSecond = 12.5, ServerErrors = 0, CpuPercent = 7, Memory = 181_000_000, MemoryLimit = 4_000_000_000,
                IsLocked = true,
            },
            new KamalStatus(Web2, "web")
            {
                Version = Old, State = "restarting", ExitCode = 1, Age = TimeSpan.FromDays(3), Problem = "exit code 1", Restarts = 0,
            },
            new KamalStatus(Web2, "admin")
            {
                Version = New, State = "running", Age = TimeSpan.FromHours(5), Problem = "not routed", Restarts = 0, CpuPercent = 101,
                Memory = 99_000_000,
            },
            new KamalStatus(Web2, "api")
            {
                Version = New, State = "running", Health = "healthy", InMaintenance = true, Restarts = 0, Age = TimeSpan.FromMinutes(42),
                IsLocked = true,
            },
            new KamalStatus(Worker, "worker") { Problem = "ConnectionFailed" },
        ],
        ["KamalConnection"] =
        [
            new KamalConnection(Web1, "app@203.0.113.10:22")
            {
                IsConnected = true, ConnectedAt = Noon, Idle = TimeSpan.FromSeconds(42), Jump = "ops@bastion.example.com:2222",
            },
        ],
        ["KamalProjectFile"] =
        [
            new KamalProjectFile("config/deploy.yml", HostOutcome.Succeeded), new KamalProjectFile(".kamal/secrets", HostOutcome.Skipped),
        ],
        ["KamalCause"] = [Crash],
        ["ConfigurationProblem"] =
        [
            new ConfigurationProblem("servres", "unknown key") { File = "config/deploy.yml", Line = 3, Column = 1, Suggestion = "servers" },
            new ConfigurationProblem("retain_containers", "must be a number") { File = "config/deploy.yml", Line = 9, Column = 20 },
        ],
        ["KamalConfiguration"] =
        [
            new KamalConfiguration
            {
                ProjectDirectory = "/home/alice/shop", ConfigFile = "config/deploy.yml", Destination = "staging", Service = "shop",
                Image = "acme/shop", Version = New, Registry = new() { Server = "registry.example.com" }, Roles = [.. Roles],
                Accessories = [.. Accessories],
            },
        ],
        ["RoleConfiguration"] = Roles,
        ["AccessoryConfiguration"] = Accessories,
    };

    private static RoleConfiguration[] Roles =>
    [
        new("web") { Hosts = [new(Web1, []), new(Web2, [])], Proxy = new() },
        new("worker") { Hosts = [new(Worker, [])], Command = "bin/jobs --queue default,mailers" },
    ];

    private static AccessoryConfiguration[] Accessories =>
        [new("db") { ServiceName = "shop-db", Image = "postgres:17.2", Hosts = [Worker] }];

    private static KamalImageBuild Built => new($"{Repository}:{New}", New, HostOutcome.Succeeded)
    {
        Builder = BuilderKind.Local, Architectures = ["amd64"], Output = "registry", Duration = TimeSpan.FromSeconds(31.2),
    };

    private static KamalDeployResult[] Deployed =>
    [
        Deploy(Web1, "web", HostOutcome.Succeeded, KamalDeployState.Switched, 9.2),
        Deploy(Web2, "web", HostOutcome.Succeeded, KamalDeployState.Switched, 8.75),
        Deploy(Worker, "worker", HostOutcome.Succeeded, KamalDeployState.Switched, 7.1),
    ];

    private static KamalDeployResult Deploy(string host, string role, HostOutcome outcome, KamalDeployState state, double seconds) =>
        new(host, role, New, outcome)
        {
            State = state, PreviousVersion = Old, ContainerName = $"shop-{role}-{New}", Duration = TimeSpan.FromSeconds(seconds),
        };

    private static KamalHostResult Host(string host, string operation, double seconds) =>
        new(host, operation, HostOutcome.Succeeded) { Duration = TimeSpan.FromSeconds(seconds) };

    private static KamalLogLine Line(string text) => new(Web1, "web", text) { Role = "web", Line = text };
}
