using System.Globalization;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Whether a host is fit for a deploy: steps that look, and what they show.</summary>
/// <param name="context">The context.</param>
/// <param name="isUnderLock">Whether the run holds the deploy lock already, so that its holder is not checked.</param>
internal sealed class HostChecks(KamalContext context, bool isUnderLock = false)
{
    private const string DockerStep = "Check that Docker can be used";
    private const string VersionStep = "Ask Docker for its version";
    private const string SpaceStep = "See how much space is left";
    private const string ProxyVersionStep = "Check the version of the proxy's container";
    private const string PortsStep = "Check that the proxy's ports are free";
    private const string ClockStep = "Read the host's time and architecture";
    private const string LockStep = "See who holds the deploy lock";
    private const string Look = "docker_look";

    /// <summary>A clock that is wrong by more than this breaks certificates and tokens.</summary>
    private static readonly TimeSpan LargestOffset = TimeSpan.FromSeconds(60);

    /// <summary>A disk with less than this free, in bytes, and less than a tenth of its size, is nearly full.</summary>
    private const long LowSpace = 5L << 30;

    private const int LowShare = 10;

    private KamalConfiguration Configuration => context.Configuration;

    /// <summary>The steps on a host. The first one that fails ends the script. Where a proxy runs, only the first asks Docker.</summary>
    public IEnumerable<Step> Steps(string host)
    {
        var hasProxy = context.Selection.ProxyHosts.Contains(host);
        yield return new(DockerStep, HostCheckCommands.Look(Configuration.LatestImage, hasProxy))
        {
            Effect = StepEffect.ReadOnly,
            CaptureAs = Look,
            FailureMessage = "Docker cannot be used",
            Recommendation = "Run 'docker version' on the host.",
        };
        yield return new(SpaceStep, HostCheckCommands.Space(Look))
        {
            Effect = StepEffect.ReadOnly, FailureMessage = "there is no space for an image",
        };
        foreach (var step in hasProxy ? ProxySteps(host) : []) yield return step;
        yield return new(ClockStep, HostCheckCommands.ClockAndArchitecture()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };
        if (host != Configuration.PrimaryHost || isUnderLock || context.Options.LockHeldByCaller) yield break;
        yield return new(LockStep, new LockCommands(Configuration).Status()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };
    }

    /// <summary>The same steps, none of which ends the script, and what only a report needs.</summary>
    public IEnumerable<Step> AllSteps(string host) => Steps(host)
        .Append(new(VersionStep, HostCheckCommands.Version()) { Effect = StepEffect.ReadOnly })
        .Select(step => step with { IgnoreFailure = true });

    /// <summary>What the steps show; null if the script has none of them.</summary>
    /// <param name="result">What the script did.</param>
    /// <param name="now">The time when it ended.</param>
    public KamalHostCheck? Read(ScriptResult result, DateTimeOffset now)
    {
        if (result.Find(DockerStep) is not { } docker) return null;
        var check = new KamalHostCheck(result.HostName);
        // A host that could not be reached ran no step at all.
        if (docker.Status is StepStatus.Skipped or StepStatus.Interrupted)
        {
            return check with { Causes = Failure(result.Failure) is { } failure ? [failure] : [] };
        }

        check = check with { IsReachable = true };
        var failures = result.Steps.Where(step => step.Status == StepStatus.Failed && Fails(step.Step.Name))
            .Select(step => Failure(StepFailure.Describe(result.HostName, step))).OfType<KamalCause>();
        // Without Docker nothing else can be said.
        check = docker.Status == StepStatus.Succeeded ? WithFacts(check, result, now) : check;
        return check with
        {
            Causes = [.. docker.Status == StepStatus.Succeeded ? failures.Concat(Doubts(check)) : failures.Take(1)],
        };
    }

    private IEnumerable<Step> ProxySteps(string host)
    {
        yield return new(ProxyVersionStep, HostCheckCommands.IsProxyRecent(Look))
        {
            Effect = StepEffect.ReadOnly,
            Error = KamalErrorId.ProxyOutdated,
            Cause = CauseName.ProxyOutdated,
            FailureMessage = $"kamal-proxy is older than {ProxyRunConfiguration.MinimumVersion}, the minimum version",
            Recommendation = "Upgrade it with Invoke-KamalProxyReboot (kamal proxy reboot).",
        };
        var configured = Configuration.ProxyRunFor(host);
        if (configured is { Publish: false } or { BindIps.IsEmpty: false }) yield break;
        var run = configured ?? new();
        var isDown = HostCheckCommands.IsProxyDown(Look);
        yield return new(PortsStep, HostCheckCommands.ArePortsFree(run.HttpPort, run.HttpsPort))
        {
            Effect = StepEffect.ReadOnly,
            // Otherwise a file on the host may name other ports.
            When = configured is null ? isDown.And(ShellCommand.Of("[", "!", "-e", HostPaths.ProxyOptions(Configuration), "]")) : isDown,
            FailureMessage = "the proxy cannot start",
        };
    }

    private static KamalHostCheck WithFacts(KamalHostCheck check, ScriptResult result, DateTimeOffset now)
    {
        string[] Lines(string step) =>
            result.Find(step) is { Status: StepStatus.Succeeded or StepStatus.Failed } found ? found.Output.Trim().Split('\n') : [];
        var look = Lines(DockerStep).Select(line => line.Split(' ')).ToList();
        var proxy = look.Find(words => words is ["container", _, _, _]);
        var space = Lines(SpaceStep) is [var numbers, ..] ? numbers.Split(' ').Select(Number).ToList() : [];
        var clock = Lines(ClockStep);
        var ports = result.Find(PortsStep) is { Status: StepStatus.Failed } taken ? taken.ErrorOutput.Split('\n') : [];
        // The clock was read before the rest of the script ran.
        var later = result.Steps.SkipWhile(step => step.Step.Name != ClockStep).Skip(1)
            .Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Duration);
        return check with
        {
            DockerVersion = Lines(VersionStep) is [{ Length: > 0 } version] ? version : null,
            Architecture = clock is [_, var machine] ? Platforms.Normalize(machine) : null,
            FreeBytes = space.Count > 0 ? space[0] * 1024 : null,
            FreeInodes = space.Count > 1 ? space[1] : null,
            TotalBytes = space.Count > 3 ? space[2] * 1024 : null,
            ImageBytes = look.Find(words => words is ["image", _]) is [_, var size] ? Number(size) : null,
            ProxyState = proxy?[1],
            ProxyVersion = proxy is [.., var image] ? DockerListings.Tag(image) : null,
            PortsInUse = [.. ports.Where(line => line.Length > 0)],
            ClockOffset = clock is [var seconds, ..] && Number(seconds) is { } time
                ? DateTimeOffset.FromUnixTimeSeconds(time) - (now - later).AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond))
                : null,
            LockedBy = result.Find(LockStep) is { Status: StepStatus.Succeeded, Output: var text }
                ? LockReading.Read(result.HostName, text, now).LockedBy
                : null,
        };
    }

    /// <summary>What does not end a deploy by itself, but may.</summary>
    private IEnumerable<KamalCause> Doubts(KamalHostCheck check)
    {
        if (check is { FreeBytes: { } free } && free >= HostCheckCommands.LeastSpace * 1024L)
        {
            const string next = "Remove old versions with Invoke-KamalPrune " +
                "(kamal prune all), and the build cache with Invoke-KamalPrune -BuildCache, or make the disk larger. " +
                "Get-KamalDiskUsage shows what uses the space.";
            if (check.ImageBytes is { } size && free < size)
            {
                yield return new(CauseName.DiskFull, $"less space is free ({Size(free)}) than the app's image takes ({Size(size)})")
                {
                    NextStep = next,
                };
            }
            else if (check.TotalBytes is { } total && free < Math.Min(total / LowShare, LowSpace))
            {
                yield return new(CauseName.DiskFull, $"the disk is nearly full: {Size(free)} of {Size(total)} are free")
                {
                    NextStep = next,
                };
            }
        }

        var built = Configuration.Builder.Architectures;
        if (check.Architecture is { } host && !built.IsEmpty && !built.Contains(host))
        {
            yield return new(CauseName.WrongArchitecture, $"the image is built for {string.Join(" and ", built)}, and the host has {host}")
            {
                NextStep = $"Add {host} to builder.arch in deploy.yml, unless the host emulates the other architecture.",
            };
        }

        if (check.ClockOffset is { } offset && offset.Duration() > LargestOffset)
        {
            var seconds = offset.Duration().TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            yield return new(
                CauseName.ClockWrong, $"the host's clock is {seconds} s {(offset < TimeSpan.Zero ? "behind" : "ahead of")} this machine's")
            {
                NextStep = "Set the clocks by NTP: 'timedatectl' shows their state. A wrong clock makes certificates and tokens invalid.",
            };
        }

        if (check.LockedBy is { } owner)
        {
            yield return new(CauseName.DeployLockHeld, $"the deploy lock is held by {owner}")
            {
                NextStep = "Run Get-KamalLock (kamal lock status) to see since when and why.",
            };
        }
    }

    private static bool Fails(string step) => step is DockerStep or SpaceStep or ProxyVersionStep or PortsStep;

    /// <summary>The cause of an error; if it has none, the error's own words.</summary>
    private static KamalCause? Failure(KamalException? error) => error is null ? null
        : error.Cause ?? new(CauseName.Unknown, error.Message.Split('\n')[0].TrimEnd('.')) { NextStep = error.Recommendation };

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static string Size(long bytes) => bytes < 1 << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.0} GiB");
}
