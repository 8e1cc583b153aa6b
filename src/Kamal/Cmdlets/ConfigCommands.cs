using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>
/// Shows the resolved configuration: deploy.yml merged with the destination's file and the defaults, without the values of secrets.
/// </summary>
[Cmdlet(VerbsCommon.Get, "KamalConfig")]
[OutputType(typeof(KamalConfiguration), typeof(string))]
public sealed class GetKamalConfigCommand : KamalOperationCmdlet
{
    /// <summary>Writes YAML, in the format of <c>kamal config</c>.</summary>
    [Parameter]
    public SwitchParameter AsYaml { get; set; }

    /// <summary>The version of the app. The default is the checked-out commit.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Version { get; set; }

    internal override string? GivenVersion => Version ?? base.GivenVersion;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var configuration = Invoke(ListingOperations.Configuration());
        WriteResult(AsYaml ? Guard.Asked(ConfigurationYaml.Print(configuration).TrimEnd('\n')) : ConfigurationView.Of(configuration));
    }
}

/// <summary>
/// Validates the configuration and reports every problem with its location. Lines of the secrets files that are ignored, and values that
/// containers do not receive as written, are warnings. Does not connect to any host and runs no command of the secrets files.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "KamalConfig")]
[OutputType(typeof(ConfigurationProblem), typeof(bool))]
public sealed class TestKamalConfigCommand : KamalOperationCmdlet
{
    /// <summary>Writes only whether the configuration is valid.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var request = Request;
        var check = Run((sink, token) => OperationRunner.Loader(sink).CheckAsync(request, token));
        if (Quiet)
        {
            WriteObject(check.Problems.IsEmpty);
            return;
        }

        foreach (var problem in check.Warnings.Concat(check.Problems)) Report?.Report(Guard.Problem(problem));
        foreach (var warning in check.Warnings) WriteWarning(Guard.Problem(warning).ToString());
        if (check.Configuration is { } configuration)
        {
            var warnings = Run((_, token) => OperationRunner.CheckSecretsAsync(configuration, token));
            foreach (var warning in warnings) WriteWarning(Guard.Line(warning));
        }

        WriteObject(check.Problems.Select(Guard.Problem), enumerateCollection: true);
    }
}

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
