using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

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
    internal RegistryOptions RegistryOptions(bool sessionOnly) =>
        new() { SkipLocal = SkipLocal, SkipRemote = SkipRemote, SessionOnly = sessionOnly };
}

/// <summary>Logs in to the registry on this machine and on the servers. Starts the registry instead if it is a local one.</summary>
[Cmdlet(VerbsCommunications.Connect, "KamalRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(KamalRegistrySession))]
public sealed class ConnectKamalRegistryCommand : KamalRegistryCmdlet
{
    /// <summary>Fails if the registry is a local one, which needs no login.</summary>
    [Parameter]
    public SwitchParameter LoginOnly { get; set; }

    internal override string Action => "Log in to the registry";

    internal override void Execute() => Invoke(RegistryOperations.Connect(RegistryOptions(LoginOnly)));
}

/// <summary>Logs out of the registry on this machine and on the servers. Removes the registry instead if it is a local one.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "KamalRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(KamalRegistrySession))]
public sealed class DisconnectKamalRegistryCommand : KamalRegistryCmdlet
{
    /// <summary>Fails if the registry is a local one, which needs no logout.</summary>
    [Parameter]
    public SwitchParameter LogoutOnly { get; set; }

    internal override string Action => "Log out of the registry";

    internal override void Execute() => Invoke(RegistryOperations.Disconnect(RegistryOptions(LogoutOnly)));
}
