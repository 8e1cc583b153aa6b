namespace Kamal.Engine.Results;

/// <summary>What a container is for.</summary>
public enum KamalContainerKind
{
    /// <summary>It runs the app, in a role.</summary>
    App,

    /// <summary>It runs an accessory.</summary>
    Accessory,

    /// <summary>It is the proxy.</summary>
    Proxy,
}
