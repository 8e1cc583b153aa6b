using System.Management.Automation;
using Kamal.Engine.Operations;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that log in to or out of the app's registry.</summary>
public abstract class KamalRegistryCmdlet : KamalTargetCmdlet
{
    /// <summary>Skips this machine.</summary>
    [Parameter]
    public SwitchParameter SkipLocal { get; set; }

    /// <summary>Skips the servers.</summary>
    [Parameter]
    public SwitchParameter SkipRemote { get; set; }

    internal override string CommandName => "registry";

    /// <summary>Where to log in or out.</summary>
    /// <param name="sessionOnly">Whether to fail for a local registry, which has no sessions.</param>
    internal RegistryOptions RegistryOptions(bool sessionOnly) => new() { SkipLocal = SkipLocal, SkipRemote = SkipRemote, SessionOnly = sessionOnly };
}
