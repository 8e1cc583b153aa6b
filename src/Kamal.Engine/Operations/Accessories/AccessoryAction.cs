namespace Kamal.Engine.Operations;

/// <summary>What can be done with accessories.</summary>
public enum AccessoryAction
{
    /// <summary>Start a container where there is none, with its directories, files and environment.</summary>
    Boot,

    /// <summary>Replace the container by a new one of the image as the registry has it now.</summary>
    Reboot,

    /// <summary>Start the container that is there.</summary>
    Start,

    /// <summary>Stop it.</summary>
    Stop,

    /// <summary>Stop and start it.</summary>
    Restart,

    /// <summary>Write its files.</summary>
    Upload,

    /// <summary>Make its directories.</summary>
    MakeDirectories,

    /// <summary>Pull its image.</summary>
    PullImage,

    /// <summary>Remove its container, which must be stopped.</summary>
    RemoveContainer,

    /// <summary>Remove its image.</summary>
    RemoveImage,

    /// <summary>Remove its uploaded files and data directories.</summary>
    RemoveDirectory,

    /// <summary>Stop it and remove its container, image, files and data directories.</summary>
    Remove,
}
