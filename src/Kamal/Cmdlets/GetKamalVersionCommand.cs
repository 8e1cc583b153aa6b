using System.Management.Automation;

namespace Kamal.Cmdlets;

/// <summary>Shows this module's version.</summary>
[Cmdlet(VerbsCommon.Get, "KamalVersion")]
[OutputType(typeof(Version))]
public sealed class GetKamalVersionCommand : KamalCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => WriteResult(MyInvocation.MyCommand.Module?.Version ?? typeof(GetKamalVersionCommand).Assembly.GetName().Version!);
}
