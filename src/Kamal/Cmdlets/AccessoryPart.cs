namespace Kamal.Cmdlets;

/// <summary>A part of booting an accessory.</summary>
public enum AccessoryPart
{
    /// <summary>Its files.</summary>
    Files,

    /// <summary>Its directories.</summary>
    Directories,

    /// <summary>Its image.</summary>
    Image,
}
