using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Configuration;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that use a project's configuration.</summary>
public abstract class KamalConfigCmdlet : KamalCmdlet
{
    /// <summary>The path of the configuration file, relative to the current location.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string ConfigFile { get; set; } = "config/deploy.yml";

    /// <summary>The destination. Its file is merged over the configuration file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>
    /// Reports commands in templates and config/deploy.ps1 instead of running them. Use it with Test-KamalConfig, Get-KamalConfig and
    /// -WhatIf to inspect a repository that you do not trust.
    /// </summary>
    [Parameter]
    public SwitchParameter NoTemplateCommand { get; set; }

    /// <summary>The version that is specified, or null. Kamal's command line accepts one on every command.</summary>
    internal virtual string? GivenVersion => Caller?.Version;

    internal override SeenNames? Seen => Session.SeenIn(
        SeenProject.Of(SessionState.Path.CurrentFileSystemLocation.ProviderPath, ConfigFile, Destination));

    /// <summary>The configuration to load, from the file system's current location.</summary>
    internal virtual ConfigurationRequest Request => new()
    {
        ProjectDirectory = SessionState.Path.CurrentFileSystemLocation.ProviderPath,
        ConfigFile = ConfigFile,
        Destination = Destination,
        Version = GivenVersion,
        RunsCommands = !NoTemplateCommand,
    };
}
