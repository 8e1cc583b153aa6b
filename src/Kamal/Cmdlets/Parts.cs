namespace Kamal.Cmdlets;

/// <summary>A part of an accessory or the proxy to remove.</summary>
public enum RemovalPart
{
    /// <summary>The container.</summary>
    Container,

    /// <summary>The image.</summary>
    Image,

    /// <summary>The directory on the host.</summary>
    Directory,
}

/// <summary>A step of booting an accessory.</summary>
public enum AccessoryPart
{
    /// <summary>Upload the files.</summary>
    Files,

    /// <summary>Create the directories.</summary>
    Directories,

    /// <summary>Pull the image.</summary>
    Image,
}
