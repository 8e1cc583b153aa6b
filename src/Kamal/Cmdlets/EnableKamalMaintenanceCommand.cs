using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Puts the app into maintenance: the proxy answers every request with 503.</summary>
[Cmdlet(VerbsLifecycle.Enable, "KamalMaintenance", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class EnableKamalMaintenanceCommand : KamalServiceCmdlet
{
    /// <summary>What visitors read.</summary>
    [Parameter(Position = 0)]
    public string? Message { get; set; }

    /// <summary>How long running requests may take to end, in seconds; as configured, if not said.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? DrainTimeout { get; set; }

    internal override string CommandName => "app";

    internal override string Action => "Begin maintenance";

    internal override void Execute() => Invoke(new AppMaintenanceOperation(Message, DrainTimeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
}
