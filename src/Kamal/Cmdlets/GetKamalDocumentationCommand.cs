using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Configuration;

namespace Kamal.Cmdlets;

/// <summary>Shows the documentation of deploy.yml: of all of it, or of one section.</summary>
[Cmdlet(VerbsCommon.Get, "KamalDocumentation")]
[OutputType(typeof(string))]
public sealed class GetKamalDocumentationCommand : KamalCmdlet
{
    /// <summary>The section, as <c>proxy</c>; all of it, if not said.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(SectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Section { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteResult(Run((_, _) => Task.FromResult(ConfigurationDocumentation.Print(Section))));
}
