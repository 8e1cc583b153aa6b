using System.Globalization;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>What there is: each listing asks every host in one round trip and changes nothing.</summary>
public static class ListingOperations
{
    /// <summary>How many lines of an audit log are read if no number is given (Kamal 2.12).</summary>
    public const int DefaultAuditLines = 50;

    private const string Version = "version";
    private const string VersionsTitle = "Find the running versions";
    private const string ImagesTitle = "List images";
    private const string UsageTitle = "Read the disk usage";
    private const string SpaceTitle = "See how much space is left";
    private const string AuditTitle = "Read the audit log";

    /// <summary>Tells a host on which nothing was found from one whose Docker does not answer.</summary>
    /// <param name="when">When nothing was found; always, if null.</param>
    internal static Step AskDocker(ShellCommand? when = null) =>
        new("Ask Docker", ServerCommands.AskDocker()) { Effect = StepEffect.ReadOnly, When = when };

    /// <summary><c>kamal app version</c>: which version each role runs on each host.</summary>
    public static Operation<IReadOnlyList<KamalAppVersion>> Versions() => Operation.Of<KamalAppVersion>(context => Plan.Of(
        new HostPhase(VersionsTitle, context.Selection.AppHosts, Steps.Of(host => context.Selection.RolesOn(host).SelectMany(role => new[]
        {
            new Step($"Find the version of {role.Name}", new AppCommands(context.Configuration, role).CurrentVersion())
            {
                Effect = StepEffect.ReadOnly, Role = role.Name, CaptureAs = Version,
            },
            AskDocker(ShellCommand.Of("[", "-z", ShellWord.Variable(Version), "]")),
        })))
        {
            Read = (run, results) => run.ProduceEach(VersionsTitle, results, result =>
                from step in result.Steps
                where result.Succeeded && step.Status == StepStatus.Succeeded && step.Step.Role is not null
                select new KamalAppVersion(result.HostName, step.Step.Role!, step.Output.Length > 0 ? step.Output : null)),
        }));

    /// <summary><c>kamal app images</c>: lists the app's images.</summary>
    public static Operation<IReadOnlyList<KamalImage>> Images() => Operation.Of<KamalImage>(context =>
    {
        var step = new Step(ImagesTitle, new ImageCommands(context.Configuration).List()
            .Add("--digests", "--format", DockerListings.ImageFormat))
        {
            Effect = StepEffect.ReadOnly,
        };
        return Plan.Of(new HostPhase(ImagesTitle, context.Selection.AppHosts, Steps.Of(_ => [step]))
        {
            Read = (run, results) => run.ProduceTogether(ImagesTitle, results, result =>
                result.Succeeded ? DockerListings.Images(result.HostName, result.Find(ImagesTitle)!.Output) : [], WithMissing),
        });
    });

    /// <summary>What uses the space on the hosts' disks.</summary>
    public static Operation<IReadOnlyList<KamalDiskUsage>> DiskUsage() => Operation.Of<KamalDiskUsage>(context => Plan.Of(
        new HostPhase(UsageTitle, context.Selection.Hosts, Steps.Of(_ =>
        [
            new(UsageTitle, HostCheckCommands.Usage()) { Effect = StepEffect.ReadOnly },
            // It fails if the disk is full, after it has printed the numbers.
            new(SpaceTitle, HostCheckCommands.Space("unknown")) { Effect = StepEffect.ReadOnly, IgnoreFailure = true },
        ]))
        {
            Read = (run, results) =>
                run.ProduceEach(UsageTitle, results, result => result.Succeeded ? (KamalDiskUsage[])[Usage(result)] : []),
        }));

    private static KamalDiskUsage Usage(ScriptResult result)
    {
        var usage = DockerListings.Usage(result.HostName, result.Find(UsageTitle)!.Output);
        return result.Find(SpaceTitle)?.Output.Trim().Split(' ', 4) is [var free, _, var total, var directory]
            ? usage with { FreeBytes = Bytes(free), TotalBytes = Bytes(total), Directory = directory }
            : usage;

        static long? Bytes(string kibibytes) =>
            long.TryParse(kibibytes, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number * 1024 : null;
    }

    /// <summary>Says of each image which of the hosts that answered lack it.</summary>
    private static IEnumerable<KamalImage> WithMissing(IReadOnlyList<KamalImage> images, IReadOnlyList<string> hosts)
    {
        var having = images.ToLookup(image => image.Version, image => image.HostName, StringComparer.Ordinal);
        return images.Select(image => image with { MissingOn = [.. hosts.Except(having[image.Version], StringComparer.Ordinal)] });
    }

    /// <summary><c>kamal audit</c>: the last lines of each host's audit log.</summary>
    /// <param name="lines">How many lines of each host.</param>
    public static Operation<IReadOnlyList<KamalAuditEntry>> Audit(int lines = DefaultAuditLines) =>
        Operation.Of<KamalAuditEntry>(context => Plan.Of(
        new HostPhase(AuditTitle, context.Selection.Hosts, Steps.Audited(context, (audit, _) =>
        [
            new(AuditTitle, audit.Reveal(lines))
            {
                Effect = StepEffect.ReadOnly,
                Recommendation = "A host on which nothing was done yet has no audit log.",
            },
        ]))
        {
            Read = (run, results) => run.ProduceEach(AuditTitle, results, result =>
                result.Succeeded ? AuditListing.Parse(context.Configuration, result.HostName, result.Find(AuditTitle)!.Output) : []),
        }));

    /// <summary><c>kamal details</c>, <c>app containers</c>, <c>accessory details</c>: lists containers.</summary>
    /// <param name="options">Which.</param>
    public static Operation<IReadOnlyList<KamalContainer>> Containers(ContainersOptions options) =>
        Operation.Of<KamalContainer>(context => Plan.Of(ContainerListing.Phase(context, options)));

    /// <summary><c>kamal config</c>: the resolved configuration with its version. Reaches no host.</summary>
    public static Operation<KamalConfiguration> Configuration() =>
        Operation.Single<KamalConfiguration>(async (context, cancellationToken) =>
    {
        var versioned = await context.VersionedAsync(cancellationToken).ConfigureAwait(false);
        return Plan.Of(new LocalPhase(null, run =>
        {
            run.Keep(versioned.Configuration);
            return Task.CompletedTask;
        }));
    });
}
