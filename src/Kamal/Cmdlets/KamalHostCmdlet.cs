using System.Collections;
using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Sessions;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that run an operation on a project's hosts.</summary>
public abstract class KamalHostCmdlet : KamalOperationCmdlet
{
    /// <summary>Parameters that select what to work on. Pipeline objects may have no value for them; a command line must.</summary>
    private static readonly string[] Selecting = [nameof(HostName), nameof(Role), "Version", "Name", "Accessory"];

    private bool _hasSkipped;

    /// <summary>The hosts to work on. Wildcards are supported. The default is all hosts.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [ArgumentCompleter(typeof(HostCompleter))]
    [SupportsWildcards]
    public string[]? HostName { get; set; }

    /// <summary>The roles to work on. Wildcards are supported. The default is all roles.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RoleCompleter))]
    [SupportsWildcards]
    public string[]? Role { get; set; }

    /// <summary>Works only on the primary host.</summary>
    [Parameter]
    public SwitchParameter Primary { get; set; }

    /// <summary>Does not run hooks.</summary>
    [Parameter]
    public SwitchParameter SkipHooks { get; set; }

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

    /// <summary>The kind of container that the pipeline object describes, or null.</summary>
    internal virtual KamalContainerKind? DescribedKind => null;

    /// <summary>The kind of container that the cmdlet works on. Others in the pipeline are left alone. Null for all kinds.</summary>
    internal virtual KamalContainerKind? WorksOn => CommandName switch
    {
        "app" or "deploy" or "redeploy" or "rollback" or "setup" => KamalContainerKind.App,
        "accessory" => KamalContainerKind.Accessory,
        "proxy" => KamalContainerKind.Proxy,
        _ => null,
    };

    internal override RunOptions Options => base.Options with { SkipHooks = SkipHooks };

    internal override RunSettings Settings => base.Settings with
    {
        HostNames = HostName ?? [],
        Roles = Role ?? [],
        PrimaryOnly = Primary,
        ThrottleLimit = ThrottleLimit > 0 ? ThrottleLimit : null,
        AcceptNewHostKeys = AcceptNewHostKey,
        Account = Credential?.UserName,
        Password = Credential is null ? null : new(Credential.GetNetworkCredential().Password),
    };

    /// <summary>Works on the values of the parameters: those of the command line, or of one pipeline object.</summary>
    internal abstract void ProcessTarget();

    /// <summary>Refuses empty values of the command line: an empty variable must not select everything.</summary>
    protected override void BeginProcessing()
    {
        foreach (var name in Selecting.Where(name => IsBound(name, out var value) && HasEmpty(value)))
        {
            ThrowTerminatingError(KamalErrors.ToRecord(
                new(KamalErrorId.ArgumentInvalid, $"The value of -{name} is empty.")
                {
                    Recommendation = $"Specify a value, or omit -{name}.",
                },
                Guard));
        }
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        if (WorksOn is { } kind && DescribedKind is { } other && other != kind)
        {
            var cmdlet = MyInvocation.MyCommand.Name;
            if (!_hasSkipped) WriteWarning($"{cmdlet} works on {NameOf(kind)}, and skipped other containers of the pipeline.");
            _hasSkipped = true;
            return;
        }

        // A registry session of this machine, for example. It must not stand for all hosts.
        if (IsBound(nameof(HostName), out var hosts) && HasEmpty(hosts)
            && !Selecting.Any(name => IsBound(name, out var value) && !HasEmpty(value)))
        {
            WriteWarning($"{MyInvocation.MyCommand.Name} skipped an object of the pipeline that has no host.");
            return;
        }

        (HostName, Role) = (Given(HostName), Given(Role));
        ProcessTarget();
    }

    /// <summary>Values without empty ones, or null if there are none.</summary>
    internal static string[]? Given(string[]? values) =>
        values?.Where(value => !string.IsNullOrEmpty(value)).ToArray() is { Length: > 0 } given ? given : null;

    private static string NameOf(KamalContainerKind kind) => kind switch
    {
        KamalContainerKind.Accessory => "accessories",
        KamalContainerKind.Proxy => "the proxy",
        _ => "the app",
    };

    private bool IsBound(string name, out object? value) => MyInvocation.BoundParameters.TryGetValue(name, out value);

    private static bool HasEmpty(object? value) => value switch
    {
        null or "" => true,
        string => false,
        ICollection { Count: 0 } => true,
        IEnumerable values => values.Cast<object?>().Any(item => item is null or ""),
        _ => false,
    };
}
