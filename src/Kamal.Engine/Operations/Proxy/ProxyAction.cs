namespace Kamal.Engine.Operations;

/// <summary>What can be done with the proxy.</summary>
public enum ProxyAction
{
    /// <summary>Make sure that it runs.</summary>
    Boot,

    /// <summary>Start the container that is there.</summary>
    Start,

    /// <summary>Stop it.</summary>
    Stop,

    /// <summary>Stop and start it.</summary>
    Restart,

    /// <summary>Remove its container, which must be stopped.</summary>
    RemoveContainer,

    /// <summary>Remove its image.</summary>
    RemoveImage,

    /// <summary>Remove its directory.</summary>
    RemoveDirectory,
}
