using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>
/// Removes what the app has left on hosts and the configuration no longer has. Looks at the hosts again first, and leaves alone what is now
/// configured or in use, and everything that belongs to other apps. Data directories and volumes stay unless -IncludeData is specified.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "KamalOrphan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KamalHostResult))]
public sealed class RemoveKamalOrphanCommand : KamalLockingCmdlet
{
    private const string Action = "Remove orphans";

    private readonly List<KamalOrphan> _given = [];
    private readonly List<(string[]? Hosts, string[]? Roles, KamalOrphanKind[]? Kinds, string[]? Names)> _wanted = [];

    /// <summary>The orphans, from Get-KamalOrphan or from a plan of Get-KamalPlan -Live. The default is all that are found.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Orphans")]
    [AllowEmptyCollection]
    public KamalOrphan[]? Orphan { get; set; }

    /// <summary>Removes only orphans of these kinds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public KamalOrphanKind[]? Kind { get; set; }

    /// <summary>Removes only orphans with these names. Wildcards are supported.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(OrphanCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Also removes data: directories of accessories and Docker volumes.</summary>
    [Parameter]
    public SwitchParameter IncludeData { get; set; }

    /// <summary>Also removes what belongs to a destination without a file whose deploy lock is held.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes a result for each host. By default, this cmdlet generates no output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override string CommandName => "orphan";

    // Hosts that the configuration no longer has cannot be selected, so the names are compared with those that are found.
    internal override RunSettings Settings => base.Settings with { HostNames = [], Roles = [] };

    internal override void ProcessTarget()
    {
        if (Orphan is not null) _given.AddRange(Orphan);
        else if (MyInvocation.ExpectingInput && ParameterValues.Given(Name) is null)
        {
            WriteWarning($"{MyInvocation.MyCommand.Name} skipped a pipeline object that is not an orphan.");
        }
        else _wanted.Add((HostName, Role, Kind, ParameterValues.Given(Name)));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_given.Count == 0 && _wanted.Count == 0) return;
        if (_wanted.Count > 0 && this.IsPreview())
        {
            WriteWarning("-WhatIf does not connect to any host, so it shows only orphans from the pipeline.");
            Confirmed($"the orphans of {ConfigFile}{(Destination is null ? "" : $" ({Destination})")}", Action);
        }

        var request = Request;
        var known = this.IsPreview() ? null : Run((sink, token) => OrphanKnowledge.ReadAsync(request, sink, token));
        var sources = known ?? OrphanSources.None;
        List<KamalOrphan> orphans = [.. _given.Concat(Find(sources)).Distinct()];
        foreach (var kept in orphans.Where(orphan => orphan.IsData && !IncludeData))
        {
            WriteWarning($"{kept} on {kept.HostName} is not removed. To remove it, specify the switch IncludeData.");
        }

        var locked = orphans.Where(orphan => orphan is { Kind: KamalOrphanKind.Lock, Reason: KamalOrphanReason.DestinationGone } && !Force)
            .Select(orphan => orphan.Destination).ToHashSet();
        foreach (var destination in locked)
        {
            WriteWarning(
                $"The deploy lock of destination {destination} is held, so what belongs to it is not removed. "
                + "To remove it, specify the switch Force.");
        }

        var chosen = orphans.Where(orphan => (IncludeData || !orphan.IsData)
                && !(orphan.Reason == KamalOrphanReason.DestinationGone && locked.Contains(orphan.Destination)))
            .GroupBy(orphan => (orphan.HostName, orphan.Why))
            .Where(same => Confirmed($"{string.Join(", ", same)} on {same.Key.HostName}, since {Guard.Asked(same.Key.Why)}", Action))
            .SelectMany(same => same).ToList();
        if (chosen.Count > 0) Invoke(OrphanOperations.Remove(chosen, sources));
    }

    internal override void WriteResult(object result)
    {
        if (PassThru && result is KamalHostResult) base.WriteResult(result);
    }

    /// <summary>The orphans that were asked for by name.</summary>
    private IEnumerable<KamalOrphan> Find(OrphanSources sources)
    {
        if (_wanted.Count == 0 || this.IsPreview()) return [];
        var settings = Settings with { RecordName = null };
        var found = Run((sink, token) => OperationRunner.RunAsync(settings, OrphanOperations.Find(sources), sink, token)) ?? [];
        return found.Where(orphan => _wanted.Exists(wanted => Fits(wanted.Hosts, orphan.HostName) && Fits(wanted.Roles, orphan.Role)
            && Fits(wanted.Names, orphan.Name) && wanted.Kinds?.Contains(orphan.Kind) is not false));
    }

    private static bool Fits(string[]? patterns, string? text) => patterns is null
        || (text is not null && patterns.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text)));
}
