using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Reads or follows what the app's containers wrote, or accessories', or the proxies'.</summary>
[Cmdlet(VerbsCommon.Get, "KamalLog", DefaultParameterSetName = "App")]
[OutputType(typeof(KamalLogLine))]
public sealed class GetKamalLogCommand : KamalReadCmdlet
{
    /// <summary>Of these accessories instead of the app; <c>*</c> is a wildcard, and <c>all</c> means all.</summary>
    [Parameter(ParameterSetName = "Accessory", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AccessoryCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Accessory { get; set; } = [];

    /// <summary>Of the proxies instead of the app.</summary>
    [Parameter(ParameterSetName = "Proxy", Mandatory = true)]
    public SwitchParameter Proxy { get; set; }

    /// <summary>Of this container of the app, instead of the one that runs.</summary>
    [Parameter(ParameterSetName = "App")]
    [ValidateNotNullOrEmpty]
    public string? ContainerId { get; set; }

    /// <summary>Lines since a time, or an age as <c>42m</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Since { get; set; }

    /// <summary>How many of the last lines of each container; 100 (followed: 10) where neither this nor a filter is given.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Lines { get; set; }

    /// <summary>Only lines that match this expression of the host's <c>grep</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Grep { get; set; }

    /// <summary>More options for <c>grep</c>.</summary>
    [Parameter]
    public string? GrepOptions { get; set; }

    /// <summary>Goes on with lines to come, of all selected hosts, until it is stopped.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <summary>Lines come without their time.</summary>
    [Parameter]
    public SwitchParameter SkipTimestamps { get; set; }

    internal override void Execute()
    {
        var options = new LogOptions
        {
            Filter = new() { Since = Since, Lines = Lines > 0 ? Lines : null, Grep = Grep, GrepOptions = GrepOptions, Follow = Follow, Timestamps = !SkipTimestamps },
            ContainerId = ContainerId,
            // On Kamal's own command line only one host is followed.
            PrimaryOnly = Follow && Caller is not null,
        };
        Invoke(Proxy ? LogsOperation.ForProxy(options) : ParameterSetName == "Accessory" ? LogsOperation.ForAccessories(Accessory, options) : LogsOperation.ForApp(options));
    }
}
