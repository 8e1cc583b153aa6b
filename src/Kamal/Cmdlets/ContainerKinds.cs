using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Which containers commands work on.</summary>
internal static class ContainerKinds
{
    /// <summary>The kind that a command works on; null for all kinds.</summary>
    /// <param name="commandName">The command's first word in Kamal's command line.</param>
    public static KamalContainerKind? Of(string commandName) => commandName switch
    {
        "app" or "deploy" or "redeploy" or "rollback" or "setup" => KamalContainerKind.App,
        "accessory" => KamalContainerKind.Accessory,
        "proxy" => KamalContainerKind.Proxy,
        _ => null,
    };

    /// <summary>A kind in a sentence.</summary>
    public static string Named(KamalContainerKind kind) => kind switch
    {
        KamalContainerKind.Accessory => "accessories",
        KamalContainerKind.Proxy => "the proxy",
        _ => "the app",
    };
}
