using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Shows or follows the logs of the app, of accessories or of the proxy.</summary>
[Cmdlet(VerbsCommon.Get, "KamalLog", DefaultParameterSetName = "App")]
[OutputType(typeof(KamalLogLine))]
public sealed class GetKamalLogCommand : KamalReadCmdlet
{
    /// <summary>The names of the accessories whose logs to show. Wildcards are supported; <c>all</c> selects all accessories.</summary>
    [Parameter(ParameterSetName = "Accessory", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AccessoryCompleter))]
    [SupportsWildcards]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[]? Accessory { get; set; }

    /// <summary>Shows the logs of the proxy.</summary>
    [Parameter(ParameterSetName = "Proxy", Mandatory = true)]
    public SwitchParameter Proxy { get; set; }

    /// <summary>The ID of the app container whose logs to show. The default is the running container.</summary>
    [Parameter(ParameterSetName = "App")]
    [Parameter(ParameterSetName = "Accessory", ValueFromPipelineByPropertyName = true, DontShow = true)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string? ContainerId { get; set; }

    /// <summary>The kind of container that a pipeline object describes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public KamalContainerKind? Kind { get; set; }

    /// <summary>Shows only lines written since a time, or a relative time such as <c>42m</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Since { get; set; }

    /// <summary>
    /// The number of lines to show from the end of each container's log. Without this parameter and without a filter, the default is 100,
    /// or 10 with -Follow.
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Lines { get; set; }

    /// <summary>The pattern that lines must match. The <c>grep</c> on the host evaluates it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Grep { get; set; }

    /// <summary>Additional options for <c>grep</c>.</summary>
    [Parameter]
    public string? GrepOptions { get; set; }

    /// <summary>Follows the logs of all selected hosts until you stop it.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <summary>Omits timestamps.</summary>
    [Parameter]
    public SwitchParameter SkipTimestamps { get; set; }

    internal override void Execute()
    {
        var options = new LogOptions
        {
            Filter = new()
            {
                Since = Since,
                Lines = Lines > 0 ? Lines : null,
                Grep = Grep,
                GrepOptions = GrepOptions,
                Follow = Follow,
                Timestamps = !SkipTimestamps,
            },
            ContainerId = string.IsNullOrEmpty(ContainerId) ? null : ContainerId,
            // Kamal follows only one host.
            PrimaryOnly = Follow && Caller is not null,
        };
        Invoke(Proxy || Kind == KamalContainerKind.Proxy ? LogOperations.OfProxy(options)
            : ParameterValues.Given(Accessory) is { } accessories ? LogOperations.OfAccessories(accessories, options)
            : LogOperations.OfApp(options));
    }
}

/// <summary>Shows the most recent entries of the audit log on each host: what was done, by whom and when.</summary>
[Cmdlet(VerbsCommon.Get, "KamalAudit")]
[OutputType(typeof(KamalAuditEntry))]
public sealed class GetKamalAuditCommand : KamalReadCmdlet
{
    /// <summary>The number of lines to show from each host.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Lines { get; set; } = ListingOperations.DefaultAuditLines;

    internal override void Execute() => Invoke(ListingOperations.Audit(Lines));
}
