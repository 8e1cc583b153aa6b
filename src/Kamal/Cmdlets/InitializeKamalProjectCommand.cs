using System.Management.Automation;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Creates deploy.yml, a secrets file and sample hooks in the current directory. Does not overwrite existing files.</summary>
[Cmdlet(VerbsData.Initialize, "KamalProject", SupportsShouldProcess = true)]
[OutputType(typeof(KamalProjectFile))]
public sealed class InitializeKamalProjectCommand : KamalCmdlet
{
    /// <summary>Creates the sample hooks as PowerShell scripts, which run on every platform. This is the default on Windows.</summary>
    [Parameter]
    public SwitchParameter PowerShellHook { get; set; }

    /// <summary>Has no effect. Accepted for compatibility with the Ruby gem, which adds itself to the Gemfile.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter Bundle { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Bundle) WriteWarning("--bundle has no effect: there is no gem to add to the Gemfile.");
        var directory = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        var options = new InitializeProjectOptions(directory)
        {
            PowerShellHooks = PowerShellHook.IsPresent ? PowerShellHook : OperatingSystem.IsWindows(),
            IsPreview = !ShouldProcess(directory, "Write deploy.yml, secrets and sample hooks"),
        };
        Run((sink, _) => Task.FromResult(new InitializeProjectOperation(options).Run(sink)));
    }
}
