using System.Globalization;
using Kamal.Engine.Causes;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Sees whether an accessory that was just started stays up, and examines it if it does not.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="accessory">The accessory.</param>
/// <param name="started">When the script has started a container.</param>
internal sealed class AccessoryProbe(KamalConfiguration configuration, AccessoryConfiguration accessory, ShellCommand started)
{
    private readonly AccessoryCommands _commands = new(configuration, accessory);

    private string Number { get; } = configuration.Accessories.IndexOf(accessory).ToString(CultureInfo.InvariantCulture);

    /// <summary>The variable that says that it stayed up.</summary>
    private string Stays => "stays_" + Number;

    /// <summary>The variable that holds the ID of the one that did not.</summary>
    private string Failed => "failed_" + Number;

    /// <summary>Fails if the container has ended, or was restarted, a second after its start.</summary>
    public Step StaysUp() => new("See that the accessory stays up", _commands.StaysUp())
    {
        Effect = StepEffect.ReadOnly,
        Accessory = accessory.Name,
        CaptureAs = Stays,
        When = started,
        Error = KamalErrorId.ContainerUnhealthy,
        FailureMessage = "the accessory does not stay up",
        Recommendation = $"Read its log with Get-KamalLog -Accessory {accessory.Name} (kamal accessory logs {accessory.Name}).",
    };

    /// <summary>What follows if the boot fails.</summary>
    public IEnumerable<Step> AfterFailure()
    {
        var down = started.And(ShellCommand.Of("[", "-z", ShellWord.Variable(Stays), "]"));
        if (HostPort() is { } port)
        {
            yield return Look(new("See who uses the accessory's port", ProbeCommands.PortOwners(port)) { ExplainsFailure = true }, down);
        }

        yield return Look(new("Find the container that did not stay up", _commands.ContainerIds()) { CaptureAs = Failed }, down);
        var found = down.And(ShellCommand.Of("[", "-n", ShellWord.Variable(Failed), "]"));
        foreach (var step in ContainerProbe.Steps(Failed, accessory.Image, found)) yield return Look(step, found);
    }

    /// <summary>The result of a host's script, with the failure of this accessory explained.</summary>
    public ScriptResult Explain(ScriptResult result, Func<string, string> redact)
    {
        if (result.Failure is not { Id: KamalErrorId.ContainerUnhealthy, Cause: null } failure) return result;
        var own = result with { Steps = [.. result.Steps.Where(step => step.Step.Accessory == accessory.Name)] };
        if (ContainerProbe.Read(own, redact) is not { } evidence) return result;
        var expected = new ContainerExpectation(accessory.ServiceName, configuration.DeployTimeout)
        {
            HostName = result.HostName,
            Command = accessory.Command,
            Variables = [.. accessory.Env.Clear.Select(variable => variable.Name)],
            Secrets = [.. accessory.Env.Secret.Select(binding => binding.Name)],
            ShowLog = $"Get-KamalLog -Accessory {accessory.Name} -HostName {result.HostName} (kamal accessory logs {accessory.Name} "
                + $"-h {result.HostName})",
        };
        return BootExplanation.With(result, failure, evidence, BootExplanation.Shorten(ContainerCauses.Find(evidence, expected)));
    }

    private Step Look(Step step, ShellCommand when) => step with
    {
        Effect = StepEffect.ReadOnly, Run = StepRun.AfterFailure, IgnoreFailure = true, When = when, Accessory = accessory.Name,
    };

    /// <summary>The port on the host: the second part from the right of <c>127.0.0.1:3306:3306</c>.</summary>
    private int? HostPort() => accessory.Port?.Split('/')[0].Split(':') is [.., var port, _]
        && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
