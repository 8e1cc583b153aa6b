namespace Kamal.Engine.Operations;

/// <summary>What can be done with the app's containers.</summary>
public enum AppAction
{
    /// <summary>Start the container of a version that is there.</summary>
    Start,

    /// <summary>Stop the running container.</summary>
    Stop,

    /// <summary>End maintenance.</summary>
    Live,

    /// <summary>Remove all containers that do not run.</summary>
    RemoveContainers,

    /// <summary>Remove all images that no container uses, on hosts of which all roles are selected.</summary>
    RemoveImages,

    /// <summary>Remove the app's directories, on hosts of which all roles are selected.</summary>
    RemoveDirectories,

    /// <summary>Stop the app and remove its containers, images and directories.</summary>
    Remove,
}
