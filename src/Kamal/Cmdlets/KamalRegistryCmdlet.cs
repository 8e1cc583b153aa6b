using System.Management.Automation;
using Kamal.Engine.Operations;

namespace Kamal.Cmdlets;

/// <summary>A cmdlet that begins or ends sessions with the app's registry.</summary>
public abstract class KamalRegistryCmdlet : KamalTargetCmdlet
{
    /// <summary>Not on this machine.</summary>
    [Parameter]
    public SwitchParameter SkipLocal { get; set; }

    /// <summary>Not on the servers.</summary>
    [Parameter]
    public SwitchParameter SkipRemote { get; set; }

    internal override string CommandName => "registry";

    /// <summary>Where it is done.</summary>
    /// <param name="sessionOnly">Whether a registry on this machine, which knows no sessions, is an error.</param>
    internal RegistryOptions RegistryOptions(bool sessionOnly) => new() { SkipLocal = SkipLocal, SkipRemote = SkipRemote, SessionOnly = sessionOnly };
}
