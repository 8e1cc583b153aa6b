namespace Kamal.Cmdlets;

/// <summary>A part of what is removed with an accessory or the proxy.</summary>
public enum RemovalPart
{
    /// <summary>The container.</summary>
    Container,

    /// <summary>The image.</summary>
    Image,

    /// <summary>The directory on the host.</summary>
    Directory,
}
