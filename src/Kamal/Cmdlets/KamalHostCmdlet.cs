using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Sessions;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that run an operation on a project's hosts: which of them, and which roles.</summary>
public abstract class KamalHostCmdlet : KamalConnectionCmdlet
{
    /// <summary>Parameters that select what to work on. Pipeline objects may have no value for them; a command line must.</summary>
    private static readonly string[] Selecting = [nameof(HostName), nameof(ExcludeHostName), nameof(Role), "Version", "Name", "Accessory"];

    private bool _hasSkipped;

    private ParameterValues Values => new(MyInvocation.BoundParameters);

    /// <summary>The hosts to work on. Wildcards are supported. The default is all hosts.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [ArgumentCompleter(typeof(HostCompleter))]
    [HostNames]
    [SupportsWildcards]
    public virtual string[]? HostName { get; set; }

    /// <summary>The hosts to leave out. Wildcards are supported. The default is exclude_hosts in deploy.yml.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(HostCompleter))]
    [SupportsWildcards]
    public string[]? ExcludeHostName { get; set; }

    /// <summary>
    /// Leaves out hosts that cannot be reached, with a warning instead of an error. The default is skip_unreachable in deploy.yml. The host
    /// that holds the deploy lock is never left out.
    /// </summary>
    [Parameter]
    public SwitchParameter SkipUnreachable { get; set; }

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

    /// <summary>The kind of container that the pipeline object describes, or null.</summary>
    internal virtual KamalContainerKind? DescribedKind => null;

    /// <summary>The kind of container that the cmdlet works on. Others in the pipeline are left alone. Null for all kinds.</summary>
    internal virtual KamalContainerKind? WorksOn => ContainerKinds.Of(CommandName);

    internal override RunOptions Options => base.Options with
    {
        SkipHooks = SkipHooks,
        SkipUnreachable = Values.AreBound(nameof(SkipUnreachable)) ? SkipUnreachable : null,
    };

    internal override RunSettings Settings => base.Settings with
    {
        HostNames = HostName ?? [],
        ExcludedHostNames = ExcludeHostName ?? [],
        Roles = Role ?? [],
        PrimaryOnly = Primary,
    };

    /// <summary>Works on the values of the parameters: those of the command line, or of one pipeline object.</summary>
    internal abstract void ProcessTarget();

    /// <summary>Refuses empty values of the command line: an empty variable must not select everything.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        foreach (var name in Selecting.Where(Values.HaveEmpty))
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
            var what = ContainerKinds.Named(kind);
            if (!_hasSkipped) WriteWarning($"{cmdlet} works only on {what}; other containers from the pipeline were skipped.");
            _hasSkipped = true;
            return;
        }

        // A registry session of this machine, for example. It must not stand for all hosts.
        if (Values.HaveEmpty(nameof(HostName)) && !Selecting.Any(name => Values.AreBound(name) && !Values.HaveEmpty(name)))
        {
            WriteWarning($"{MyInvocation.MyCommand.Name} skipped a pipeline object that has no host.");
            return;
        }

        (HostName, Role) = (ParameterValues.Given(HostName), ParameterValues.Given(Role));
        ProcessTarget();
    }
}
