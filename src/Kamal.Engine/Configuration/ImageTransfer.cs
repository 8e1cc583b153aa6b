namespace Kamal.Engine.Configuration;

/// <summary>How the hosts get the app's image.</summary>
public enum ImageTransfer : long
{
    /// <summary>This machine pushes it to the registry, and the hosts pull it.</summary>
    Registry,

    /// <summary>
    /// It goes from this machine to the hosts over their SSH connections; only layers that a host lacks are sent.
    /// </summary>
    Direct,
}
