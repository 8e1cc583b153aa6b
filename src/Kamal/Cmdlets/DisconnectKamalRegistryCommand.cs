using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Logs this machine and the servers out of the registry; a registry on this machine is removed instead.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "KamalRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(KamalRegistrySession))]
public sealed class DisconnectKamalRegistryCommand : KamalRegistryCmdlet
{
    /// <summary>A registry on this machine is an error, since nobody logs out of it.</summary>
    [Parameter]
    public SwitchParameter LogoutOnly { get; set; }

    internal override string Action => "Log out of the registry";

    internal override void Execute() => Invoke(new DisconnectRegistryOperation(RegistryOptions(LogoutOnly)));
}
