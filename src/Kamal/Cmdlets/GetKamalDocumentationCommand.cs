using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>Shows the documentation of deploy.yml: of all of it, or of one section.</summary>
[Cmdlet(VerbsCommon.Get, "KamalDocumentation")]
[OutputType(typeof(string))]
public sealed class GetKamalDocumentationCommand : PSCmdlet
{
    /// <summary>The section, as <c>proxy</c>; all of it, if not said.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(SectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Section { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            WriteObject(ConfigurationDocumentation.Print(Section));
        }
        catch (KamalException error)
        {
            ThrowTerminatingError(KamalErrors.ToRecord(error));
        }
    }
}
