using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Configuration;

namespace Kamal.Cmdlets;

/// <summary>Shows the documentation of deploy.yml, or of one section.</summary>
[Cmdlet(VerbsCommon.Get, "KamalDocumentation")]
[OutputType(typeof(string))]
public sealed class GetKamalDocumentationCommand : KamalCmdlet
{
    /// <summary>The name of the section, such as <c>proxy</c>. The default is all sections.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(SectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Section { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteResult(Run((_, _) => Task.FromResult(ConfigurationDocumentation.Print(Section))));
}
