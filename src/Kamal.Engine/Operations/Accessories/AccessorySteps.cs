using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>What is done with one accessory on a host, in steps of one script.</summary>
internal sealed class AccessorySteps(KamalConfiguration configuration, AccessoryConfiguration accessory, AuditCommands audit)
{
    private const string StopStep = "Stop the accessory";
    private const string StartAgainStep = "Start the accessory again";
    private const string RemoveImageStep = "Remove the accessory's image";
    private const string Target = "target";
    private const string CertificateFolder = "certificate";
    private readonly AccessoryCommands _commands = new(configuration, accessory);

    /// <summary>The variable that holds the ids of containers which were there before a boot.</summary>
    public string Existing { get; } = "existing_" + configuration.Accessories.IndexOf(accessory)
        .ToString(System.Globalization.CultureInfo.InvariantCulture);

    private string Stopped { get; } = "stopped_" + configuration.Accessories.IndexOf(accessory)
        .ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The accessory's own certificate, if it has one.</summary>
    public CertificateSteps? Certificate { get; init; }

    /// <summary>Finds out whether the proxy could read the accessory's certificate.</summary>
    public IEnumerable<Step> Preflight() => Certificate is null ? [] : ProxyFiles.Preflight(configuration, ProxyFiles.Certificate)
        .Select(Mark);

    /// <summary>The network of all containers.</summary>
    public Step Network() => Of("Make sure that the network exists", ServerCommands.EnsureNetwork());

    /// <summary>Whether there is a container already.</summary>
    public Step LookForContainer() => Of("Look for the accessory's container", _commands.ContainerIds()) with
    {
        Effect = StepEffect.ReadOnly, CaptureAs = Existing,
    };

    /// <summary>The accessory's own directories.</summary>
    public IEnumerable<Step> Directories() =>
        accessory.Directories.Select(directory => Of($"Make the directory {_commands.DirectoryPath(directory)}",
            _commands.MakeDirectory(directory)));

    /// <summary>Starts a new container, unless there is one.</summary>
    /// <param name="host">The host.</param>
    /// <param name="envFile">The accessory's environment file.</param>
    public IEnumerable<Step> StartNew(string host, StepInput envFile)
    {
        var none = ShellCommand.Of("[", "-z", ShellWord.Variable(Existing), "]");
        IEnumerable<Step> start =
        [
            Of("Record the boot", audit.Record($"Booted {accessory.Name} accessory")),
            FileSteps.Write("Write the environment file", HostPaths.AccessoryEnv(configuration, accessory), "0600", envFile) with
            {
                Accessory = accessory.Name,
            },
            Of("Start the accessory's container", _commands.Run(host).DiscardOutput()),
        ];
        IEnumerable<Step> route = Certificate is null
            ? Route(null)
            : [.. Certificate.Write().Select(Mark), .. Route(Certificate.FolderInProxy), .. Certificate.Settle().Select(Mark)];
        var probe = new AccessoryProbe(configuration, accessory, none);
        // One that runs already may have been left without its route by a boot that failed.
        var runs = ShellCommand.Of("[", "-n", ShellWord.Substitute(_commands.RunningContainerId()), "]");
        var isUnrouted = ShellCommand.Raw(
            $"services=$({ProxyCommands.List().DiscardErrors()}) && ! printf '%s\\n' \"$services\" | grep -qF "
                + $"{ShellWord.Join(ShellWord.Variable(Existing), ":")}");
        var unrouted = none.Or(runs.And(isUnrouted).Group());
        return
        [
            .. start.Select(step => step with { When = none }),
            probe.StaysUp(),
            .. ErrorPages(),
            .. route.Select(step => step with { When = unrouted }),
            .. probe.AfterFailure(),
            Of("Remove the container that did not start", _commands.RemoveCreated().DiscardOutput().DiscardErrors()) with
            {
                Run = StepRun.AfterFailure, IgnoreFailure = true, When = none,
            },
        ];
    }

    /// <summary>The result of a host's script, with the failure of this accessory explained.</summary>
    public ScriptResult Explain(Run run, ScriptResult result) => result.Failure?.Accessory == accessory.Name
        ? new AccessoryProbe(configuration, accessory, ShellCommand.Of("true")).Explain(result, run.Context.Redact)
        : result;

    /// <summary>Leaves no container behind that a stopped boot made and did not start.</summary>
    public IEnumerable<Step> AfterStoppedBoot(ScriptResult stopped) =>
        stopped.Steps.FirstOrDefault(step => step.Step.CaptureAs == Existing) is { Status: StepStatus.Succeeded, Output: "" }
            ? [Of("Remove the container that did not start", _commands.RemoveCreated().DiscardOutput().DiscardErrors()) with
            {
                IgnoreFailure = true,
            }]
            : [];

    public IEnumerable<Step> Start() =>
    [
        Of("Record the start", audit.Record($"Started {accessory.Name} accessory")),
        Of("Start the accessory", _commands.Start().DiscardOutput()),
        .. ErrorPages(),
        .. accessory.Proxy is { HasCustomCertificate: true } proxy
            ? [.. CertificateSteps.Find(configuration, accessory.Name, proxy, CertificateFolder)
                .Select(Mark), .. Route(ShellWord.Variable(CertificateFolder))]
            : Route(null),
    ];

    /// <summary>Stops it; one that does not run is fine.</summary>
    /// <param name="noted">Whether later steps are to know that it was stopped.</param>
    public IEnumerable<Step> Stop(bool noted = false)
    {
        yield return Of("Record the stop", audit.Record($"Stopped {accessory.Name} accessory"));
        yield return Of(StopStep, noted ? _commands.Stop() : _commands.Stop().DiscardOutput()) with
        {
            IgnoreFailure = true, CaptureAs = noted ? Stopped : null,
        };
        if (accessory.IsProxied)
        {
            yield return Of("End the routing to it", ProxyCommands.Remove(accessory.ServiceName)) with { IgnoreFailure = true };
        }
    }

    /// <summary>After a reboot that failed: has what it stopped run again, the old container or else a new one, with its route.</summary>
    /// <param name="host">The host.</param>
    public IEnumerable<Step> StartAgain(string host) => RunAgain(host).Select(step => step with
    {
        Run = StepRun.AfterFailure, IgnoreFailure = true, When = ShellCommand.Of("[", "-n", ShellWord.Variable(Stopped), "]"),
    });

    /// <summary>Says for how long the accessory did not answer where a reboot failed.</summary>
    public void TellOutage(Run run, IEnumerable<ScriptResult> results) =>
        new Outage(StopStep, StartAgainStep).Warn(run, results, $"The accessory {accessory.Name}",
        $"Start it with Invoke-KamalAccessoryBoot {accessory.Name} (kamal accessory boot {accessory.Name}).", step =>
            step.Accessory == accessory.Name);

    /// <summary>Has the accessory run again where a reboot was stopped: the old container, or else a new one.</summary>
    public IEnumerable<Step> AfterStop(string host, ScriptResult stopped)
    {
        var stop = stopped.Steps.FirstOrDefault(step => step.Step.Name == StopStep && step.Step.Accessory == accessory.Name);
        // Nothing was done to it before the step that stops it, which is told apart from those still to come by the one before it.
        var pulled = stopped.Steps.FirstOrDefault(step =>
            step.Step.Name == "Pull the accessory's image" && step.Step.Accessory == accessory.Name);
        if (stop is null || pulled is not { Status: StepStatus.Succeeded }) yield break;
        foreach (var step in RunAgain(host)) yield return step;
    }

    /// <summary>Starts the accessory again where a restart was stopped after it had begun to stop it.</summary>
    public IEnumerable<Step> AfterStoppedRestart(ScriptResult stopped)
    {
        var own = stopped.Steps.Where(step => step.Step.Accessory == accessory.Name).ToList();
        return own is [{ Status: StepStatus.Succeeded }, ..] && own[^1].Status == StepStatus.Interrupted ? Start() : [];
    }

    private IEnumerable<Step> RunAgain(string host) =>
    [
        Of(StartAgainStep, _commands.Start().DiscardErrors().Or(_commands.Run(host)).DiscardOutput()),
        .. Route(Certificate?.FolderInProxy is { } folder ? ShellWord.Literal(folder) : null),
    ];

    public IEnumerable<Step> PullImage() =>
    [
        Of("Record the pull", audit.Record($"Pull {accessory.Name} accessory image")),
        Of("Pull the accessory's image", _commands.PullImage().DiscardOutput()),
    ];

    public IEnumerable<Step> RemoveContainer() =>
    [
        Of("Record the removal of the container", audit.Record($"Remove {accessory.Name} accessory container")),
        Of("Remove the accessory's container", _commands.RemoveContainer().DiscardOutput()),
    ];

    public IEnumerable<Step> RemoveImage() =>
    [
        Of("Record the removal of the image", audit.Record($"Removed {accessory.Name} accessory image")),
        Of(RemoveImageStep, _commands.RemoveImage()),
    ];

    /// <summary>Tells of images that a removal left where they are, since other containers use them.</summary>
    public static void TellKeptImages(Run run, IEnumerable<ScriptResult> results)
    {
        foreach (var result in results)
        {
            foreach (var kept in result.Steps.Where(step =>
                step.Step.Name == RemoveImageStep && step is { Status: StepStatus.Succeeded, Output.Length: > 0 }))
            {
                var image = run.Context.Configuration.FindAccessory(kept.Step.Accessory!)?.Image;
                run.Sink.Inform($"The image {image} of the accessory {kept.Step.Accessory} stays on {result.HostName}, since other "
                    + $"containers use it: {kept.Output}.", result.HostName);
            }
        }
    }

    public IEnumerable<Step> RemoveDirectory() => [Of("Remove the accessory's directory", _commands.RemoveDirectory())];

    public IEnumerable<Step> Remove() => [.. Stop(), .. RemoveContainer(), .. RemoveImage(), .. RemoveDirectory()];

    /// <summary>The pages that the route names: the app's boot, which uploads them too, may come later, as in a setup.</summary>
    private IEnumerable<Step> ErrorPages() => accessory.IsProxied ? ErrorPageSteps.Read(configuration).Select(Mark) : [];

    private IEnumerable<Step> Route(ShellWord? certificate)
    {
        if (accessory.Proxy is not { } proxy) return [];
        return
        [
            Of("Find the accessory's container", _commands.RunningContainerId()) with { Effect = StepEffect.ReadOnly, CaptureAs = Target },
            ProxyRoute.Of("Route to the accessory once it is healthy",
                ShellCommand.Of("[", "-n", ShellWord.Variable(Target), "]")
                    .And(new ProxyCommands(configuration).Deploy(accessory.ServiceName, proxy, ShellWord.Variable(Target), certificate)),
                configuration, proxy, "the accessory") with { Accessory = accessory.Name },
        ];
    }

    private Step Mark(Step step) => step with { Accessory = accessory.Name };

    private Step Of(string name, ShellCommand command) => new(name, command) { Accessory = accessory.Name };
}
