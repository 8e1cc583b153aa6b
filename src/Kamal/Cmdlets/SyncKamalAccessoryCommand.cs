using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>
/// Reboots the accessories that differ from the configuration, on the hosts where they differ. Leaves all others alone.
/// </summary>
[Cmdlet(VerbsData.Sync, "KamalAccessory", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class SyncKamalAccessoryCommand : KamalServiceCmdlet
{
    /// <summary>The names of the accessories. Wildcards are supported. The default is all accessories.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Accessory")]
    [ArgumentCompleter(typeof(AccessoryCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    internal override string CommandName => "accessory";

    internal override string Action => "Reboot the accessory";

    internal override bool AsksForEach => true;

    internal override string[]? Items
    {
        get => Name;
        set => Name = value;
    }

    internal override void Execute()
    {
        var names = ParameterValues.Given(Name) ?? [];
        if (this.IsPreview())
        {
            // Which ones differ is known only on the hosts.
            WriteWarning(
                "-WhatIf does not connect to any host, so it shows a reboot of every accessory. "
                + "Without it, only those that differ are rebooted.");
            if (Confirmed(TargetText, Action)) Invoke(AccessoryOperations.Reboot(names));
            return;
        }

        var settings = Settings with { RecordName = null };
        var look = PlanOperations.Describe(new(PlannedOperation.AccessoryReboot) { Accessories = names, Live = true });
        var plan = Run((sink, token) => OperationRunner.RunAsync(settings, look, sink, token));
        var drifted = (plan?.Changes ?? []).Where(change => change.Action is "Boot" or "Reboot").GroupBy(change => change.Accessory!);
        foreach (var changes in drifted)
        {
            HostName = [.. changes.Select(change => change.HostName).Distinct()];
            var keys = string.Join(", ", changes.Select(change => change.Key ?? "not there").Distinct());
            var cost = changes.Select(change => change.Cost).FirstOrDefault(text => text is not null) is { } known ? $"; {known}" : "";
            if (Confirmed($"{changes.Key} on {string.Join(", ", HostName)} ({keys}){cost}", Action))
            {
                Invoke(AccessoryOperations.Reboot([changes.Key]));
            }
        }
    }

    internal override void WriteResult(object result)
    {
        if (result is not KamalPlan) base.WriteResult(result);
    }
}
