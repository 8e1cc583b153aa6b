using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

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
    /// <param name="failure">The step's failure in general words.</param>
    public static KamalException Explain(string hostName, string path, StepResult acquired, StepResult? holder, KamalException failure)
    {
        var found = State(hostName, path, holder);
        if (found is not null && holder!.ExitCode == LockCommands.NotADirectory) return found;
        if (holder is { Status: StepStatus.Succeeded, Output.Length: > 0 })
        {
            return new(KamalErrorId.DeployLockHeld, $"The deploy lock on {hostName} is held. {holder.Output.ReplaceLineEndings("; ")}.")
            {
                HostName = hostName,
                Output = holder.Output,
                Recommendation = WaitOrRelease,
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
                ? $" Now it is held. {holder.Output.ReplaceLineEndings("; ")}."
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
