using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Writes a first deploy.yml, a secrets file and sample hooks into the current directory; never over a file that is there.</summary>
[Cmdlet(VerbsData.Initialize, "KamalProject", SupportsShouldProcess = true)]
[OutputType(typeof(KamalProjectFile))]
public sealed class InitializeKamalProjectCommand : KamalCmdlet
{
    /// <summary>Sample hooks are PowerShell scripts, which also run on Windows; by default only there.</summary>
    [Parameter]
    public SwitchParameter PowerShellHook { get; set; }

    /// <summary>For command lines written for Kamal's Ruby gem, which adds itself to the Gemfile: does nothing here.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter Bundle { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Bundle) WriteWarning("There is no gem to add to a Gemfile: --bundle does nothing here.");
        var directory = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        var options = new InitializeProjectOptions(directory)
        {
            PowerShellHooks = PowerShellHook.IsPresent ? PowerShellHook : OperatingSystem.IsWindows(),
            IsPreview = !ShouldProcess(directory, "Write deploy.yml, secrets and sample hooks"),
        };
        Run((sink, _) => Task.FromResult(new InitializeProjectOperation(options).Run(sink)));
    }
}
