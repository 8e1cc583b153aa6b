using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>What is done with the app on a host, in steps of one script.</summary>
internal sealed class AppSteps(KamalContext context, AuditCommands audit)
{
    private const string Container = "container";
    private const string Asked = "asked";
    private const string Certificate = "certificate";
    private const string ListContainers = "Get-KamalContainer (kamal app containers) lists the containers; specify one's version with "
        + "-Version (--version).";

    private readonly KamalConfiguration _configuration = context.Configuration;

    /// <summary>Starts the version's container and routes to it. The version must be known.</summary>
    public IEnumerable<Step> Start(string host) => Start(host, _ => _configuration.RequiredVersion);

    /// <summary>Starts a version's container of each role and routes to it.</summary>
    /// <param name="host">The host.</param>
    /// <param name="versionOf">The version of a role; null if there is none to start, which is the host's error.</param>
    public IEnumerable<Step> Start(string host, Func<RoleConfiguration, string?> versionOf) =>
        context.Selection.RolesOn(host).SelectMany(role => versionOf(role) is { } version
            ? Start(role, _configuration with { Version = version })
            : [NothingToStart(role)]);

    /// <summary>Ends the routing to the app and stops its running container; one that does not run is fine.</summary>
    public IEnumerable<Step> Stop(string host) => ForRoles(host, (role, app) =>
    [
        new("Record the stop", audit.Record("Stopped app", role.Name)),
        .. role.IsProxied ?
        [
            .. FindRunning(app),
            new Step("End the routing to the app", ProxyCommands.Remove(app.ContainerPrefix)) { When = Found, IgnoreFailure = true },
        ] : Array.Empty<Step>(),
        new("Stop the app", app.StopCurrent().DiscardOutput()) { IgnoreFailure = true },
    ]);

    /// <summary>Stops the running container of a version. Ends the routing to the app only if it is the current one.</summary>
    public IEnumerable<Step> Stop(string host, string version) => ForRoles(host, (role, app) =>
    [
        new("Record the stop", audit.Record($"Stopped app version {version}", role.Name)),
        new("Find the container of the version", app.RunningContainerId(version))
        {
            Effect = StepEffect.ReadOnly, CaptureAs = Asked, IgnoreFailure = true,
        },
        .. role.IsProxied ?
        [
            .. FindRunning(app),
            new Step("End the routing to the app", ProxyCommands.Remove(app.ContainerPrefix))
            {
                When = Found.And(ShellCommand.Of("[", ShellWord.Variable(Asked), "=", ShellWord.Variable(Container), "]")),
                IgnoreFailure = true,
            },
        ] : Array.Empty<Step>(),
        new("Stop the app", app.StopIds(Asked).DiscardOutput()) { When = ShellCommand.Of("[", "-n", ShellWord.Variable(Asked), "]") },
    ]);

    public IEnumerable<Step> Live(string host) => ForRoles(host, (role, app) =>
        role.IsProxied ? [new("Set the app live", ProxyCommands.Resume(app.ContainerPrefix))] : []);

    public IEnumerable<Step> Maintain(string host, TimeSpan? drainTimeout, string? message) => ForRoles(host, (role, app) =>
        role.IsProxied
            ? [new("Set the app to maintenance", ProxyCommands.StopService(app.ContainerPrefix,
                drainTimeout ?? _configuration.DrainTimeout, message))]
            : []);

    public IEnumerable<Step> RemoveContainer(string host, string version) => ForRoles(host, (role, app) =>
    [
        new("Record the removal of the container", audit.Record($"Removed app container with version {version}", role.Name)),
        new("Remove the container", app.RemoveContainer(version).DiscardOutput())
        {
            FailureMessage = $"the container of version {version} could not be removed",
            Recommendation = "Is it there, and stopped? Get-KamalContainer (kamal app containers) lists the containers.",
        },
    ]);

    public IEnumerable<Step> RemoveContainers(string host) => ForRoles(host, (role, app) =>
    [
        new("Record the removal of the containers", audit.Record("Removed all app containers", role.Name)),
        new("Remove the containers", app.RemoveContainers().DiscardOutput()),
    ]);

    public IEnumerable<Step> RemoveImages(string host) => !context.Selection.CoversAllRolesOf(host) ? [] :
    [
        new("Record the removal of the images", audit.Record("Removed all app images")),
        new("Remove the images", new ImageCommands(_configuration).RemoveAll().DiscardOutput()),
    ];

    /// <summary>Removes the image of a version. Docker refuses if a container uses it.</summary>
    public IEnumerable<Step> RemoveImage(string version) =>
    [
        new("Record the removal of the image", audit.Record($"Removed app image with version {version}")),
        new("Remove the image", new ImageCommands(_configuration with { Version = version }).Remove().DiscardOutput())
        {
            FailureMessage = $"the image of version {version} could not be removed",
            Recommendation = "Remove the containers that use it first: Get-KamalContainer (kamal app containers) lists the containers.",
        },
    ];

    public IEnumerable<Step> RemoveDirectories(string host) => !context.Selection.CoversAllRolesOf(host) ? [] :
    [
        new("Remove the app's directory", new ServerCommands(_configuration).RemoveAppDirectory()) { IgnoreFailure = true },
        new("Record the removal of the directory", audit.Record($"Removed {HostPaths.App(_configuration)}")),
        new("Remove the app's files for the proxy", new ProxyCommands(_configuration).RemoveAppDirectory()) { IgnoreFailure = true },
    ];

    public IEnumerable<Step> Remove(string host) =>
        [.. Stop(host), .. RemoveContainers(host), .. RemoveImages(host), .. RemoveDirectories(host)];

    private static ShellCommand Found => ShellCommand.Of("[", "-n", ShellWord.Variable(Container), "]");

    private static IEnumerable<Step> FindRunning(AppCommands app) =>
    [
        new("Find the running container", app.CurrentContainerId())
        {
            Effect = StepEffect.ReadOnly, CaptureAs = Container, IgnoreFailure = true,
        },
    ];

    private IEnumerable<Step> Start(RoleConfiguration role, KamalConfiguration configuration)
    {
        var app = new AppCommands(configuration, role);
        IEnumerable<Step> steps =
        [
            new("Record the start", audit.Record($"Started app version {configuration.RequiredVersion}")),
            new("Start the app", app.Start().DiscardOutput())
            {
                Error = KamalErrorId.ContainerNotFound,
                FailureMessage = $"the container of version {configuration.RequiredVersion} could not be started",
                Recommendation = ListContainers,
            },
            .. role.Proxy is { } proxy ? Route(role, app, proxy, configuration) : [],
        ];
        return steps.Select(step => step with { Role = role.Name });
    }

    private static Step NothingToStart(RoleConfiguration role) => new("Start the app", ShellCommand.Of("false"))
    {
        Effect = StepEffect.ReadOnly,
        Role = role.Name,
        Error = KamalErrorId.ContainerNotFound,
        FailureMessage = "no container that has served is left on this host to start",
        Recommendation = ListContainers,
    };

    private static IEnumerable<Step> Route(
        RoleConfiguration role, AppCommands app, ProxyConfiguration proxy, KamalConfiguration configuration) =>
    [
        new("Find its container", app.RunningContainerId(configuration.RequiredVersion))
        {
            Effect = StepEffect.ReadOnly, CaptureAs = Container,
        },
        .. CertificateSteps.Find(configuration, role.Name, proxy, Certificate),
        ProxyRoute.Of("Route to the app once it is healthy",
            Found.And(new ProxyCommands(configuration).Deploy(app.ContainerPrefix, proxy, ShellWord.Variable(Container),
                proxy.HasCustomCertificate ? ShellWord.Variable(Certificate) : null)),
            configuration, proxy, $"the container of version {configuration.RequiredVersion}"),
    ];

    private IEnumerable<Step> ForRoles(string host, Func<RoleConfiguration, AppCommands, IEnumerable<Step>> steps) =>
        context.Selection.RolesOn(host).SelectMany(role => steps(role, new(_configuration, role)).Select(step => step with
        {
            Role = role.Name,
        }));
}
