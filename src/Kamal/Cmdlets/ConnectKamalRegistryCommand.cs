using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Logs this machine and the servers in to the registry; a registry on this machine is started instead.</summary>
[Cmdlet(VerbsCommunications.Connect, "KamalRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(KamalRegistrySession))]
public sealed class ConnectKamalRegistryCommand : KamalRegistryCmdlet
{
    /// <summary>A registry on this machine is an error, since nobody logs in to it.</summary>
    [Parameter]
    public SwitchParameter LoginOnly { get; set; }

    internal override string Action => "Log in to the registry";

    internal override void Execute() => Invoke(new ConnectRegistryOperation(RegistryOptions(LoginOnly)));
}
