namespace Kamal.Host;

/// <summary>The console's jobs.</summary>
internal enum HostMode
{
    /// <summary>Run PowerShell text.</summary>
    Command,

    /// <summary>Run a script file.</summary>
    File,

    /// <summary>Run Kamal's command line.</summary>
    CommandLine,
}
