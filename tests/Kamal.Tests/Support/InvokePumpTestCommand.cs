using System.Management.Automation;
using Kamal.Cmdlets;
using Kamal.Engine.Events;

namespace Kamal.Tests.Support;

/// <summary>A cmdlet that runs a test's work.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "PumpTest")]
[OutputType(typeof(object))]
public sealed class InvokePumpTestCommand : KamalCmdlet
{
    [Parameter(Mandatory = true)]
    public Func<IRunSink, CancellationToken, Task<object>> Work { get; set; } = null!;

    protected override void EndProcessing() => WriteObject(Run(Work));
}
