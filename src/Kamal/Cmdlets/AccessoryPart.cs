namespace Kamal.Cmdlets;

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
