using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Enables maintenance mode: the proxy answers every request with 503.</summary>
[Cmdlet(VerbsLifecycle.Enable, "KamalMaintenance", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class EnableKamalMaintenanceCommand : KamalServiceCmdlet
{
    /// <summary>The message to show to visitors.</summary>
    [Parameter(Position = 0)]
    public string? Message { get; set; }

    /// <summary>The number of seconds to wait for requests in progress. The default is the configured value.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? DrainTimeout { get; set; }

    internal override string CommandName => "app";

    internal override string Action => "Enable maintenance mode";

    internal override void Execute() =>
        Invoke(AppOperations.Maintenance(Message, DrainTimeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
}

/// <summary>Disables maintenance mode, so that requests reach the app again.</summary>
[Cmdlet(VerbsLifecycle.Disable, "KamalMaintenance", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class DisableKamalMaintenanceCommand : KamalServiceCmdlet
{
    internal override string CommandName => "app";

    internal override string Action => "Disable maintenance mode";

    internal override void Execute() => Invoke(AppOperations.Live());
}
