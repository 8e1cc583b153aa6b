using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Logs out of the registry on this machine and on the servers. Removes the registry instead if it is a local one.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "KamalRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(KamalRegistrySession))]
public sealed class DisconnectKamalRegistryCommand : KamalRegistryCmdlet
{
    /// <summary>Fails if the registry is a local one, which needs no logout.</summary>
    [Parameter]
    public SwitchParameter LogoutOnly { get; set; }

    internal override string Action => "Log out of the registry";

    internal override void Execute() => Invoke(new DisconnectRegistryOperation(RegistryOptions(LogoutOnly)));
}
