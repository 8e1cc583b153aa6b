using System.Management.Automation;

namespace Kamal.Cmdlets;

/// <summary>Shows the version of this module.</summary>
[Cmdlet(VerbsCommon.Get, "KamalVersion")]
[OutputType(typeof(Version))]
public sealed class GetKamalVersionCommand : KamalCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => WriteResult(MyInvocation.MyCommand.Module?.Version ?? typeof(GetKamalVersionCommand).Assembly.GetName().Version!);
}
