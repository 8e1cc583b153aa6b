using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Logs in to the registry on this machine and on the servers. Starts the registry instead if it is a local one.</summary>
[Cmdlet(VerbsCommunications.Connect, "KamalRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(KamalRegistrySession))]
public sealed class ConnectKamalRegistryCommand : KamalRegistryCmdlet
{
    /// <summary>Fails if the registry is a local one, which needs no login.</summary>
    [Parameter]
    public SwitchParameter LoginOnly { get; set; }

    internal override string Action => "Log in to the registry";

    internal override void Execute() => Invoke(new ConnectRegistryOperation(RegistryOptions(LoginOnly)));
}
