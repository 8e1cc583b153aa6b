using System.Globalization;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Kamal's wait for a container without a proxy: healthy, or running, and still so after the readiness delay.</summary>
internal static class ReadinessWatch
{
    /// <summary>The step's name.</summary>
    public const string Name = "Wait until the new container is healthy";

    /// <summary>The step.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="container">The shell variable that holds the container's id.</param>
    /// <remarks>
    /// docker counts restarts, so that none between two looks goes unseen; a container that crashes and is started again and
    /// again runs most of the time. How it ended, it says in an event, as a restart clears its exit code.
    /// </remarks>
    public static Step For(KamalConfiguration configuration, string container)
    {
        var delay = Seconds(configuration.ReadinessDelay);
        var limit = Seconds(configuration.DeployTimeout);
        var status = AppCommands.Status(container).DiscardErrors();
        var since = Seconds(configuration.ReadinessDelay + configuration.DeployTimeout + TimeSpan.FromMinutes(1));
        var exitCode = ShellCommand.Of(
                "docker", "events", "--since", since + "s", "--until", "0s", "--filter",
                    ShellWord.Join("container=", ShellWord.Variable(container)),
                "--filter", "event=die", "--format", "{{.Actor.Attributes.exitCode}}").DiscardErrors()
            .Pipe(ShellCommand.Of("tail", "-n", "1"));
        var lastState = ShellCommand.Of("docker", "inspect", "--format", "{{.State.ExitCode}}", ShellWord.Variable(container))
            .DiscardErrors();
        var settle = configuration.ReadinessDelay > TimeSpan.Zero
            ? ShellWord.Raw($"if [ \"$s\" = '0 running' ]; then sleep {delay}; s=$({status}); fi; ")
            : ShellWord.Raw("");
        var loop = ShellCommand.Raw(
            $"ended() {{ c=$({exitCode}); [ -n \"$c\" ] || c=$({lastState}); echo \"it ended with exit code ${{c:-unknown}}$1\" >&2; "
                + $"exit 1; }}; " +
            $"limit={limit}; end=$(($(date +%s) + limit)); while :; do s=$({status}); {settle}" +
            $"case \"$s\" in '0 running'|'0 healthy') echo yes; exit 0;; '0 exited'|'0 dead') ended '';; '0 '*|'') ;; " +
            $"*) ended \" and was restarted (restarts: ${{s%% *}})\";; esac; " +
            $"if [ $(date +%s) -ge $end ]; then echo \"its state is '${{s#* }}' after $limit s\" >&2; exit 1; fi; sleep 1; done");
        return new(Name, loop)
        {
            Effect = StepEffect.ReadOnly,
            WaitLimit = configuration.DeployTimeout,
            CaptureAs = BootCleanUp.Switched,
            Error = KamalErrorId.ContainerUnhealthy,
            FailureMessage = "the new container does not stay up",
            KnownFailures = [new("its state is", KamalErrorId.ContainerUnhealthy, "the new container is not ready",
                "Read the container's last lines; check the image's health check, readiness_delay and deploy_timeout.")],
            Recommendation = "Read the container's last lines; check the role's cmd and its environment.",
        };
    }

    private static string Seconds(TimeSpan duration) => Math.Ceiling(duration.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
