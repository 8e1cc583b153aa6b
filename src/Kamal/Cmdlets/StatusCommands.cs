using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>Shows the status of the app on each host: version, age, health, requests, errors, processor and memory.</summary>
[Cmdlet(VerbsCommon.Get, "KamalStatus")]
[OutputType(typeof(KamalStatus))]
public sealed class GetKamalStatusCommand : KamalReadCmdlet
{
    private RoundView? _view;

    /// <summary>
    /// Refreshes the table until you press Ctrl+C. In a pipeline, or if the output is redirected, each round writes its objects instead.
    /// </summary>
    [Parameter]
    public SwitchParameter Watch { get; set; }

    /// <summary>The pause between two rounds of -Watch, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int Interval { get; set; } = 2;

    internal override bool ShowsProgress => !Watch;

    internal override void Execute()
    {
        if (Watch && RoundView.CanShow(this)) _view = new(this);
        Invoke(StatusOperations.Status(Watch ? TimeSpan.FromSeconds(Interval) : null));
    }

    internal override void WriteResult(object result)
    {
        if (_view is null) base.WriteResult(result);
        else _view.Add(result);
    }

    internal override void EndRound() => _view?.Show(
        $"Every {Interval} s. Press Ctrl+C to end.",
        _view.Results.OfType<KamalStatus>().Select(status => status.Error?.Split('\n')[0]).OfType<string>().Distinct());
}
