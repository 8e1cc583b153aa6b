using System.Globalization;
using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Says why the deploy lock could not be taken, or is not this run's any more.</summary>
internal static class LockRefusal
{
    private const string WaitOrRelease =
        "Wait until the other run is over (-LockWait, --lock-wait), or, if it died, remove its lock with Unlock-KamalDeployment (kamal "
            + "lock release).";

    /// <summary>The error of a run that did not get the lock.</summary>
    /// <param name="hostName">The host.</param>
    /// <param name="path">The lock's directory there.</param>
    /// <param name="acquired">The step that failed.</param>
    /// <param name="holder">What was found then, if it was looked for.</param>
    /// <param name="held">The same as a lock, if it could be read.</param>
    /// <param name="failure">The step's failure in general words.</param>
    public static KamalException Explain(
        string hostName, string path, StepResult acquired, StepResult? holder, KamalLock? held, KamalException failure)
    {
        var found = State(hostName, path, holder);
        if (found is not null && holder!.ExitCode == LockCommands.NotADirectory) return found;
        if (held is not null)
        {
            var next = held.IsStale ? ByHand("Make sure that the run is over, then remove its lock with", held.Owner)
                : held is { Owner: not null, ProcessId: null } ? ByHand("Ask the person who took it, or remove it with", held.Owner)
                : WaitOrRelease;
            return new(KamalErrorId.DeployLockHeld, $"The deploy lock on {hostName} is held. {Describe(held)}")
            {
                HostName = hostName,
                Output = held.Text,
                Cause = new(CauseName.DeployLockHeld, "the deploy lock is held")
                {
                    Evidence = [.. held.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)], NextStep = next,
                },
                Recommendation = next,
            };
        }

        if (acquired.ExitCode == LockCommands.Taken)
        {
            return found ?? new(KamalErrorId.DeployLockHeld, $"The deploy lock on {hostName} was held, and has been released since.")
            {
                HostName = hostName,
                Recommendation = "Run the command again.",
            };
        }

        return new(KamalErrorId.RemoteCommandFailed, failure.Message, failure)
        {
            HostName = hostName,
            Command = failure.Command,
            ExitCode = failure.ExitCode,
            Output = failure.Output,
            Recommendation = failure.Recommendation ?? "No lock is left. Is there space on the host, and may the account write to "
                + $"{path[..path.LastIndexOf('/')]} in its home?",
        };
    }

    /// <summary>
    /// The error of a run whose lock is on a host that cannot be reached. The lock does not move to another host: who can reach this one
    /// would take it here, and both would deploy.
    /// </summary>
    /// <param name="hostName">The host.</param>
    /// <param name="failure">Why it cannot be reached.</param>
    public static KamalException Unreachable(string hostName, KamalException failure) =>
        new(failure.Id, $"The deploy lock is on {hostName}, which cannot be skipped: {failure.Message}", failure)
        {
            HostName = hostName,
            Cause = failure.Cause,
            Recommendation = "If the host is gone, make another one the first host of the primary role in deploy.yml, for everyone who "
                + "deploys. If nobody else is deploying, you can continue without the lock: set the variable KAMAL_LOCK to true.",
        };

    /// <summary>Who holds a lock: Kamal's own words, and then whether the run works, is over, or never was one.</summary>
    public static string Describe(KamalLock held)
    {
        var words = held.Text.Split('\n').TakeWhile(line => !line.StartsWith("Owner: ", StringComparison.Ordinal));
        var text = $"{string.Join("; ", words)}.";
        if (held.Owner is null) return text;
        var where = held.MachineName is null ? "" : $" of {held.UserName} on {held.MachineName}";
        var page = held.RunUrl is null ? "" : $" ({held.RunUrl})";
        if (held.ProcessId is not { } process)
        {
            return held.MachineName is null ? text : $"{text} {held.UserName} took it by hand on {held.MachineName}{page}.";
        }

        return held.StaleReason is { } reason
            ? string.Create(
                CultureInfo.InvariantCulture, $"{text} It is stale: {reason}. The run{where}, process {process}{page}, took it.")
            : string.Create(CultureInfo.InvariantCulture, $"{text} The run{where}, process {process}{page}, is still active.");
    }

    /// <summary>What is said when the lock of a run that is over is removed.</summary>
    public static string TakenOver(KamalLock held) =>
        $"Released the deploy lock that a run left behind. {Describe(held)} What it did before it ended is unknown.";

    /// <summary>The error of a run that waited in vain.</summary>
    public static KamalException Waited(KamalException failure, TimeSpan waited) =>
        new(failure.Id, $"{failure.Message} It was not released within {Age(waited)}.")
        {
            HostName = failure.HostName, Output = failure.Output, Recommendation = failure.Recommendation,
        };

    /// <summary>The command that removes one lock and no other.</summary>
    public static string ByHand(string verb, string? owner) =>
        $"{verb} Unlock-KamalDeployment{(owner is null ? "" : $" -Owner {owner}")} (kamal lock release).";

    /// <summary>A time span as people say it: 5 s, 3 min, 2 h, 4 days.</summary>
    public static string Age(TimeSpan span) => span.TotalMinutes < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s")
        : span.TotalHours < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min")
        : span.TotalDays < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days");

    /// <summary>What is wrong with the lock that was found; null if nothing is, or there is none.</summary>
    /// <param name="hostName">The host.</param>
    /// <param name="path">The lock's directory there.</param>
    /// <param name="holder">What was found.</param>
    public static KamalException? State(string hostName, string path, StepResult? holder) => holder?.ExitCode switch
    {
        LockCommands.NotADirectory => new(KamalErrorId.RemoteCommandFailed,
            $"{hostName}: {path} is not a directory, so it is not a deploy lock; no lock can be taken while it is there.")
        {
            HostName = hostName,
            Recommendation = "See what it is, and remove it there or with Unlock-KamalDeployment (kamal lock release).",
        },
        LockCommands.NoDetails => new(KamalErrorId.DeployLockHeld,
            $"The deploy lock on {hostName} is held, and does not say by whom: {path} has no readable details. Either it is being taken "
                + "just now, or the run that took it died.")
        {
            HostName = hostName,
            Recommendation = WaitOrRelease,
        },
        _ => null,
    };

    /// <summary>
    /// Whether the lock is likely to be released by itself. A lock that was taken by hand is held for a reason that waiting does not solve.
    /// </summary>
    public static bool IsWorthWaitingFor(KamalException failure) =>
        failure.Id == KamalErrorId.DeployLockHeld && (failure.Output is null
            || failure.Output.Contains(DeployLock.AutomaticMessage, StringComparison.Ordinal));

    /// <summary>What to tell of a lock that is not there with the claim's nonce; null for nothing.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="isCertain">Whether this run cannot have removed it itself, in an attempt whose answer was lost.</param>
    /// <param name="holder">What was found instead.</param>
    public static KamalException? NotOurs(LockClaim claim, bool isCertain, StepResult? holder)
    {
        if (claim.IsConfirmed)
        {
            if (!isCertain) return null;
            var now = holder is { Status: StepStatus.Succeeded, Output.Length: > 0 }
                ? $" Now it is held. {Describe(LockReading.Read(claim.HostName, holder.Output, DateTimeOffset.UtcNow))}"
                : "";
            return new(KamalErrorId.DeployLockMissing, $"another run or user released it while this run worked.{now}")
            {
                HostName = claim.HostName,
                Recommendation = "Check whether another deploy ran meanwhile (kamal audit), and deploy again if one did.",
            };
        }

        return holder?.ExitCode == LockCommands.NoDetails
            ? new(KamalErrorId.DeployLockHeld, "there is a lock without details, which may be this run's or another's.")
            {
                HostName = claim.HostName,
            }
            : null;
    }
}
