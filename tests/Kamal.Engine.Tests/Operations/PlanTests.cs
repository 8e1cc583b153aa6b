using System.Reflection;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Operations;
using Kamal.Engine.Secrets;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>A plan is what happens: shown, previewed and run, it has the same hooks, phases, hosts and steps in the same order.</summary>
public sealed class PlanTests : IDisposable
{
    private const string Lines = """
        servers:
          web: { hosts: [ 1.1.1.1, 1.1.1.2 ] }
          worker: { hosts: [ 1.1.1.2, 1.1.1.3 ], cmd: work, proxy: false }
        primary_role: web
        boot: { limit: 2 }
        asset_path: /app/public
        error_pages_path: public
        env: { clear: { A: b }, secret: [ PW ] }
        builder: { arch: amd64, context: . }
        registry: { username: user, password: [ PW ] }
        accessories:
          db: { image: "postgres:16", host: 1.1.1.4, env: { secret: [ PW ] }, files: [ "config/my.cnf:/etc/my.cnf" ], directories: [ data:/data ] }
          search: { image: "search:1", hosts: [ 1.1.1.1, 1.1.1.4 ], proxy: { host: search.example.com } }
        """;

    private static readonly string[] Hooks =
        [
            "pre-connect", "pre-build", "pre-deploy", "pre-app-boot", "post-app-boot", "pre-proxy-reboot", "post-proxy-reboot",
            "post-deploy", "docker-setup"];

    private readonly OperationFixture _fixture = new OperationFixture()
        .Configure(Lines).Write("public/503.html", "later").Write("Dockerfile", "FROM scratch\n").Write("config/my.cnf", "[mysqld]\n");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Dictionary<string, Case> Cases { get; } = new()
    {
        ["DeployOperations.Deploy"] = Case.Of(DeployOperations.Deploy(new())),
        ["DeployOperations.Deploy -SkipPush"] = Case.Of(DeployOperations.Deploy(new() { SkipPush = true })),
        ["DeployOperations.Deploy direct"] = Case.Of(DeployOperations.Deploy(new())),
        ["DeployOperations.Deploy -SkipPush direct"] = Case.Of(DeployOperations.Deploy(new() { SkipPush = true })),
        ["DeployOperations.Redeploy direct"] = Case.Of(DeployOperations.Redeploy(new())),
        ["DeployOperations.Setup direct"] = Case.Of(DeployOperations.Setup(new())),
        ["BuildOperations.Publish direct"] = Case.Of(BuildOperations.Publish(new() { Deliver = true })),
        ["DeployOperations.Deploy dotnet"] = Case.Of(DeployOperations.Deploy(new())),
        ["BuildOperations.Install direct"] = Case.Of(BuildOperations.Install()),
        ["DeployOperations.Redeploy"] = Case.Of(DeployOperations.Redeploy(new())),
        ["DeployOperations.Setup"] = Case.Of(DeployOperations.Setup(new())),
        ["DeployOperations.Rollback"] = Case.Of(DeployOperations.Rollback("v0")),
        ["DeployOperations.BootApp"] = Case.Of(DeployOperations.BootApp()),
        ["ServiceOperations.Remove"] = Case.Of(ServiceOperations.Remove()),
        ["ServiceOperations.Upgrade"] = Case.Of(ServiceOperations.Upgrade(rolling: false)),
        ["ServiceOperations.Upgrade -Rolling"] = Case.Of(ServiceOperations.Upgrade(rolling: true)),
        ["PruneOperations.Prune"] = Case.Of(PruneOperations.Prune(containers: true, images: true)),
        ["AppOperations.Start"] = Case.Of(AppOperations.Start()),
        ["AppOperations.Stop"] = Case.Of(AppOperations.Stop()),
        ["AppOperations.Stop version"] = Case.Of(AppOperations.Stop("v0")),
        ["AppOperations.Live"] = Case.Of(AppOperations.Live()),
        ["AppOperations.Maintenance"] = Case.Of(AppOperations.Maintenance("soon")),
        ["AppOperations.RemoveContainer"] = Case.Of(AppOperations.RemoveContainer("v0")),
        ["AppOperations.RemoveContainers"] = Case.Of(AppOperations.RemoveContainers()),
        ["AppOperations.RemoveImages"] = Case.Of(AppOperations.RemoveImages()),
        ["AppOperations.RemoveImages version"] = Case.Of(AppOperations.RemoveImages("v0")),
        ["AppOperations.RemoveDirectories"] = Case.Of(AppOperations.RemoveDirectories()),
        ["AppOperations.Remove"] = Case.Of(AppOperations.Remove()),
        ["AppOperations.StaleContainers"] = Case.Of(AppOperations.StaleContainers(stop: false)),
        ["AppOperations.StaleContainers -Stop"] = Case.Of(AppOperations.StaleContainers(stop: true)),
        ["AppOperations.Exec"] = Case.Of(AppOperations.Exec(new("ls"))),
        ["AppOperations.Exec -Reuse"] = Case.Of(AppOperations.Exec(new("ls") { Reuse = true })),
        ["AppOperations.Exec -Raw"] = Case.Of(AppOperations.Exec(new("ls") { Raw = true })),
        ["AppOperations.Exec -Interactive"] = Case.Of(AppOperations.Exec(new("bash") { Interactive = true })),
        ["AccessoryOperations.Boot"] = Case.Of(AccessoryOperations.Boot([])),
        ["AccessoryOperations.Reboot"] = Case.Of(AccessoryOperations.Reboot(["all"])),
        ["AccessoryOperations.Start"] = Case.Of(AccessoryOperations.Start(["db"])),
        ["AccessoryOperations.Stop"] = Case.Of(AccessoryOperations.Stop([])),
        ["AccessoryOperations.Restart"] = Case.Of(AccessoryOperations.Restart([])),
        ["AccessoryOperations.Upload"] = Case.Of(AccessoryOperations.Upload(["db"])),
        ["AccessoryOperations.MakeDirectories"] = Case.Of(AccessoryOperations.MakeDirectories([])),
        ["AccessoryOperations.PullImage"] = Case.Of(AccessoryOperations.PullImage([])),
        ["AccessoryOperations.RemoveContainer"] = Case.Of(AccessoryOperations.RemoveContainer([])),
        ["AccessoryOperations.RemoveImage"] = Case.Of(AccessoryOperations.RemoveImage([])),
        ["AccessoryOperations.RemoveDirectory"] = Case.Of(AccessoryOperations.RemoveDirectory([])),
        ["AccessoryOperations.Remove"] = Case.Of(AccessoryOperations.Remove([])),
        ["AccessoryOperations.Upgrade"] = Case.Of(AccessoryOperations.Upgrade([], rolling: true)),
        ["AccessoryOperations.Exec"] = Case.Of(AccessoryOperations.Exec("search", new("ls"))),
        ["AccessoryOperations.Exec -Interactive"] = Case.Of(AccessoryOperations.Exec("db", new("psql") { Interactive = true })),
        ["AccessoryOperations.Shared"] = Case.Of(AccessoryOperations.Shared([], [])),
        ["ProxyOperations.Boot"] = Case.Of(ProxyOperations.Boot()),
        ["ProxyOperations.Start"] = Case.Of(ProxyOperations.Start()),
        ["ProxyOperations.Stop"] = Case.Of(ProxyOperations.Stop()),
        ["ProxyOperations.Restart"] = Case.Of(ProxyOperations.Restart()),
        ["ProxyOperations.RemoveContainer"] = Case.Of(ProxyOperations.RemoveContainer()),
        ["ProxyOperations.RemoveImage"] = Case.Of(ProxyOperations.RemoveImage()),
        ["ProxyOperations.RemoveDirectory"] = Case.Of(ProxyOperations.RemoveDirectory()),
        ["ProxyOperations.Remove"] = Case.Of(ProxyOperations.Remove(force: false)),
        ["ProxyOperations.Remove -Force"] = Case.Of(ProxyOperations.Remove(force: true)),
        ["ProxyOperations.Reboot"] = Case.Of(ProxyOperations.Reboot(rolling: false)),
        ["ProxyOperations.Reboot -Rolling"] = Case.Of(ProxyOperations.Reboot(rolling: true)),
        ["ProxyOperations.Upgrade"] = Case.Of(ProxyOperations.Upgrade(rolling: true)),
        ["ProxyOperations.Details"] = Case.Of(ProxyOperations.Details()),
        ["ProxyBootConfigOperations.Get"] = Case.Of(ProxyBootConfigOperations.Get()),
        ["ProxyBootConfigOperations.Set"] = Case.Of(ProxyBootConfigOperations.Set(new() { HttpPort = 8080 })),
        ["ProxyBootConfigOperations.Reset"] = Case.Of(ProxyBootConfigOperations.Reset()),
        ["RegistryOperations.Connect"] = Case.Of(RegistryOperations.Connect(new())),
        ["RegistryOperations.Disconnect"] = Case.Of(RegistryOperations.Disconnect(new())),
        ["ServerOperations.Initialize"] = Case.Of(ServerOperations.Initialize()),
        ["ServerOperations.Test"] = Case.Of(ServerOperations.Test()),
        ["ServerOperations.Exec"] = Case.Of(ServerOperations.Exec(new("uptime"))),
        ["ServerOperations.Exec -Interactive"] = Case.Of(ServerOperations.Exec(new("bash") { Interactive = true })),
        ["BuildOperations.Publish"] = Case.Of(BuildOperations.Publish(new() { Deliver = true })),
        ["BuildOperations.Publish -Dev"] = Case.Of(BuildOperations.Publish(new() { Dev = true })),
        ["BuildOperations.Install"] = Case.Of(BuildOperations.Install()),
        ["BuildOperations.NewBuilder"] = Case.Of(BuildOperations.NewBuilder()),
        ["BuildOperations.RemoveBuilder"] = Case.Of(BuildOperations.RemoveBuilder()),
        ["BuildOperations.GetBuilder"] = Case.Of(BuildOperations.GetBuilder()),
        ["LockOperations.Acquire"] = Case.Of(LockOperations.Acquire("mine")),
        ["LockOperations.Release"] = Case.Of(LockOperations.Release()),
        ["LockOperations.Status"] = Case.Of(LockOperations.Status()),
        ["HistoryOperations.Get"] = Case.Of(HistoryOperations.Get()),
        ["ListingOperations.Versions"] = Case.Of(ListingOperations.Versions()),
        ["ListingOperations.Images"] = Case.Of(ListingOperations.Images()),
        ["ListingOperations.DiskUsage"] = Case.Of(ListingOperations.DiskUsage()),
        ["ListingOperations.Audit"] = Case.Of(ListingOperations.Audit()),
        ["ListingOperations.Containers"] = Case.Of(ListingOperations.Containers(new())),
        ["ListingOperations.Configuration"] = Case.Of(ListingOperations.Configuration()),
        ["StatusOperations.Status"] = Case.Of(StatusOperations.Status()),
        ["OrphanOperations.Find"] = Case.Of(OrphanOperations.Find(OrphanSources.None)),
        ["OrphanOperations.Find former"] = Case.Of(OrphanOperations.Find(new() { Remembered = [new("1.1.1.9", "")] })),
        // What it removes depends on another look; OrphanTests has its steps.
        ["OrphanOperations.Remove"] = Case.Of(OrphanOperations.Remove([], OrphanSources.None)),
        ["SecretOperations.Read"] = Case.Of(SecretOperations.Read([])),
        ["PlanOperations.Describe"] = Case.Of(PlanOperations.Describe(new(PlannedOperation.Deploy))),
        ["PlanOperations.Describe -Live"] = Case.Of(PlanOperations.Describe(new(PlannedOperation.Setup) { Live = true })),
        ["PlanOperations.Describe Remove -Live"] = Case.Of(PlanOperations.Describe(new(PlannedOperation.Remove) { Live = true })),
        ["LogOperations.OfApp"] = Case.Of(LogOperations.OfApp(new())),
        ["LogOperations.OfApp -Follow"] = Case.Of(LogOperations.OfApp(new() { Filter = new() { Follow = true }, PrimaryOnly = true })),
        ["LogOperations.OfAccessories"] = Case.Of(LogOperations.OfAccessories([], new())),
        ["LogOperations.OfProxy"] = Case.Of(LogOperations.OfProxy(new())),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_plan_shows_what_the_preview_shows(string name)
    {
        Configure(name);
        WriteHooks();
        var shown = LinesOf(await ShowAsync(name));

        await Cases[name].RunAsync(await _fixture.ContextAsync(new PreviewFleet(_fixture.Sink)), _fixture.Sink);

        var previewed = _fixture.Sink.Events.Select(item => item switch
        {
            StepPreviewed step => $"{step.Phase} on {step.HostName}: {step.Step.Name}",
            LocalPreviewed local when Array.Find(Hooks, hook =>
                local.Command.EndsWith("/hooks/" + hook, StringComparison.Ordinal)) is { } hook => $"Run the {hook} hook",
            _ => null,
        }).OfType<string>();
        // A preview asks nobody who uses an accessory.
        if (name != "AccessoryOperations.Shared") Assert.Equal(shown, previewed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_plan_shows_what_the_run_does(string name)
    {
        Configure(name);
        var view = await ShowAsync(name);
        _fixture.Fleet.Answer("Look for Docker", "Docker version 29.0.1");
        _fixture.Local.Answer = command => command.Arguments is [var plugin, ..] && plugin.Reveal() == "buildx"
            ? new(command, 0, "", $"#9 pushing manifest for docker.io/dhh/app:v1@sha256:{new string('1', 64)} 0.1s done\n")
            : null;

        await Cases[name].RunAsync(await _fixture.ContextAsync(_fixture.Fleet), _fixture.Sink);

        var ran = _fixture.Fleet.Scripts.Select(script => (script.Phase, script.HostName, script.Script.Steps.Select(step => step.Name)))
            .Concat(_fixture.Fleet.Streams.Select(stream => (stream.Step.Name, stream.HostName, (IEnumerable<string>)[stream.Step.Name])));
        Assert.Equal(LinesOf(view), ran.SelectMany(item => item.Item3.Select(step => $"{item.Item1} on {item.HostName}: {step}")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Building_and_showing_a_plan_touches_nothing(string name)
    {
        Configure(name);
        WriteHooks();
        var local = new ReadOnlyRunner(_fixture.Local);
        var context = await _fixture.ContextAsync(new NoFleet()) with { Local = local, Secrets = new NoSecrets() };

        var plan = await Cases[name].PlanAsync(context);
        local.IsClosed = true;

        await PlanView.OfAsync(plan, context, Token);
    }

    [Fact]
    public void Every_operation_has_a_case() =>
        Assert.Equal(
            typeof(Operation<>).Assembly.GetTypes()
                .Where(type => type.IsAbstract && type.IsSealed && type.IsPublic)
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
                .Where(method => method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Operation<>))
                .Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Distinct().Order(StringComparer.Ordinal),
            Cases.Keys.Select(name => name.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public async Task Phases_that_depend_on_what_the_run_finds_are_shown_with_their_condition()
    {
        var shown = await ShowAsync("DeployOperations.Deploy -SkipPush");
        _fixture.Fleet.Answer("Look for a registry mirror", "https://mirror.example.com/");

        await Cases["DeployOperations.Deploy -SkipPush"].RunAsync(await _fixture.ContextAsync(_fixture.Fleet), _fixture.Sink);

        Assert.Equal(
            ["a host uses a registry mirror", "another host uses a registry mirror"],
            shown.Phases.Select(phase => phase.Condition).OfType<string>());
        // Once it runs, it is known which hosts.
        Assert.Equal(
            [("Pull the image where it fills a mirror", "1.1.1.1"), ("Pull the image from the mirror", "1.1.1.2"),
                ("Pull the image from the mirror", "1.1.1.3")],
            _fixture.Fleet.Scripts.Where(script => script.Phase.Contains("mirror", StringComparison.Ordinal))
                .Select(script => (script.Phase, script.HostName)));
    }

    [Fact]
    public async Task Steps_that_depend_on_what_the_run_finds_are_shown_with_their_condition()
    {
        var shown = await ShowAsync("ServiceOperations.Remove");
        var script = shown.Phases.Single(phase => phase.Name.StartsWith("Remove the proxy", StringComparison.Ordinal)).Scripts[0];
        Assert.Equal("no other app uses a proxy", script.Conditions[script.Script.Steps.Single(step => step.Name == "Stop the proxy")]);

        _fixture.Fleet.Answer("Count the apps on the host", "1", "1.1.1.2");
        await Cases["ServiceOperations.Remove"].RunAsync(await _fixture.ContextAsync(_fixture.Fleet), _fixture.Sink);

        Assert.DoesNotContain("Stop the proxy", _fixture.Fleet.Scripts.SelectMany(one => one.Script.Steps).Select(step => step.Name));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_plan_knows_who_holds_the_lock_and_whether_it_waits(bool byCaller, bool wait)
    {
        _fixture.Options = new() { LockHeldByCaller = byCaller, LockWait = wait };

        await A_plan_shows_what_the_run_does("DeployOperations.Deploy -SkipPush");

        var phases = _fixture.Fleet.Scripts.Select(script => script.Phase).ToList();
        Assert.Equal(wait, phases.Contains("Acquire the deploy lock"));
        Assert.Equal(wait, phases.Contains("Release the deploy lock"));
    }

    public void Dispose() => _fixture.Dispose();

    /// <summary>Whether the image goes to the hosts without a registry, and what builds it.</summary>
    private void Configure(string name)
    {
        if (name.EndsWith(" dotnet", StringComparison.Ordinal))
        {
            _fixture.Configure(Lines + "\nx-kamal-ps: { builder: { dotnet: {} } }\n").Write("App.csproj", "<Project />");
        }

        if (name.EndsWith(" direct", StringComparison.Ordinal)) _fixture.Configure(Lines + "\nx-kamal-ps: { transfer: direct }\n");
    }

    private void WriteHooks()
    {
        foreach (var hook in Hooks) _fixture.Write($".kamal/hooks/{hook}", "#!/bin/sh\n");
    }

    private async Task<PlanView> ShowAsync(string name)
    {
        var context = await _fixture.ContextAsync(new NoFleet());
        return await PlanView.OfAsync(await Cases[name].PlanAsync(context), context, Token);
    }

    /// <summary>A line for each hook and step, in order, except those whose condition does not hold if nothing special is found.</summary>
    internal static IEnumerable<string> LinesOf(PlanView view) => view.Phases.Where(phase => phase.Condition is null).SelectMany(phase =>
        phase.Scripts.IsEmpty
            ? phase.Name.EndsWith(" hook", StringComparison.Ordinal) ? [phase.Name] : []
            : phase.Scripts.SelectMany(script => script.Script.Steps.Select(
                step => $"{script.Script.Phase} on {script.HostName}: {step.Name}")));

    /// <summary>An operation, whatever it returns.</summary>
    private sealed record Case(Func<KamalContext, Task<Plan>> PlanAsync, Func<KamalContext, IRunSink, Task> RunAsync)
    {
        public static Case Of<T>(Operation<T> operation) =>
            new(context => operation.PlanAsync(context, Token), (context, sink) => operation.RunAsync(context, sink, Token));
    }

    private sealed class ReadOnlyRunner(ILocalRunner inner) : ILocalRunner
    {
        public bool IsClosed { get; set; }

        public Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken) =>
            IsClosed || command.Effect != StepEffect.ReadOnly ? throw new InvalidOperationException(command.Display)
                : inner.RunAsync(command, lines, cancellationToken);
    }

    private sealed class NoSecrets : ISecretStore
    {
        public Task<SecretValue> GetAsync(string name, CancellationToken cancellationToken) => throw new InvalidOperationException(name);

        public Task<IReadOnlyList<SecretResult>> GetAllAsync(CancellationToken cancellationToken) =>
            throw new InvalidOperationException("all");

        public Task<IReadOnlyList<KeyValuePair<string, SecretValue>>> ListAsync(CancellationToken cancellationToken) =>
            throw new InvalidOperationException("list");
    }

    private sealed class NoFleet : IFleet
    {
        public bool IsPreview => false;

        public Task<IReadOnlyList<ScriptResult>> RunAsync(
            string phase, IReadOnlyList<string> hosts, Func<string, HostScript?> scriptFor, CancellationToken cancellationToken) =>
                throw new InvalidOperationException(phase);

        public Task<int?> StreamAsync(
            string host, Step step, Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput,
                CancellationToken cancellationToken) =>
            throw new InvalidOperationException(step.Name);

        public Task<int?> InteractAsync(
            string host, Step step, IInteractiveConsole console, Action<ReadOnlyMemory<byte>, bool> receive,
                CancellationToken cancellationToken) =>
            throw new InvalidOperationException(step.Name);

        public Task<IAsyncDisposable> ForwardPortAsync(string host, int port, CancellationToken cancellationToken) =>
            throw new InvalidOperationException(host);

        public Task<IHostListener> ListenAsync(
            string host, Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken) =>
            throw new InvalidOperationException(host);

        public Task<ScriptResult?> RunBesideAsync(string host, HostScript script) => throw new InvalidOperationException(host);

        public void Warm(IReadOnlyList<string> hosts, CancellationToken cancellationToken) => throw new InvalidOperationException("warm");

        public Task DisconnectAsync(string host) => throw new InvalidOperationException(host);
    }
}
