using System.Management.Automation;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that connect to hosts: as whom, to how many at once, and whether new ones are trusted.</summary>
public abstract class KamalConnectionCmdlet : KamalOperationCmdlet
{
    /// <summary>The maximum number of hosts to work on at once. The default is all hosts.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <summary>
    /// Accepts unknown host keys and adds them to known_hosts, instead of prompting or failing. Changed keys are always refused.
    /// </summary>
    [Parameter]
    public SwitchParameter AcceptNewHostKey { get; set; }

    /// <summary>
    /// The account and password for hosts that do not accept keys. A host with its own account, such as user@host, uses that account and
    /// does not receive the password. Jump hosts do not receive it either.
    /// </summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    internal override RunSettings Settings => base.Settings with
    {
        ThrottleLimit = ThrottleLimit > 0 ? ThrottleLimit : null,
        AcceptNewHostKeys = AcceptNewHostKey,
        Account = Credential?.UserName,
        Password = Credential is null ? null : new(Credential.GetNetworkCredential().Password),
    };
}
