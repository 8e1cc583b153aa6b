using System.Management.Automation;
using Kamal.Engine.Commands;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Writes the proxy's boot configuration to the hosts, for projects that do not set proxy.run in deploy.yml.</summary>
[Cmdlet(VerbsCommon.Set, "KamalProxyBootConfig", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class SetKamalProxyBootConfigCommand : KamalServiceCmdlet
{
    /// <summary>Whether to publish the proxy's ports on the host.</summary>
    [Parameter]
    public bool Publish { get; set; } = true;

    /// <summary>The IP addresses to publish the ports on. The default is all addresses.</summary>
    [Parameter]
    public string[] PublishHostIp { get; set; } = [];

    /// <summary>The HTTP port on the host.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int HttpPort { get; set; } = ProxyBootOptions.Default.HttpPort;

    /// <summary>The HTTPS port on the host.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int HttpsPort { get; set; } = ProxyBootOptions.Default.HttpsPort;

    /// <summary>The maximum size of the log before it is rotated, such as 10m. An empty string means no limit.</summary>
    [Parameter]
    [AllowEmptyString]
    public string LogMaxSize { get; set; } = ProxyBootOptions.Default.LogMaxSize;

    /// <summary>The registry of the proxy's image.</summary>
    [Parameter]
    public string? Registry { get; set; }

    /// <summary>The repository of the proxy's image.</summary>
    [Parameter]
    public string? Repository { get; set; }

    /// <summary>The tag of the proxy's image.</summary>
    [Parameter]
    public string? ImageVersion { get; set; }

    /// <summary>The port for the proxy's Prometheus metrics.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? MetricsPort { get; set; }

    /// <summary>Enables debug logging in the proxy.</summary>
    [Parameter]
    public SwitchParameter DebugProxy { get; set; }

    /// <summary>Additional options for docker run, in the form name=value.</summary>
    [Parameter]
    public string[] DockerOptions { get; set; } = [];

    internal override string CommandName => "proxy";

    internal override string Action => "Set the boot configuration of the proxy";

    internal override void Execute() => Invoke(ProxyBootConfigOperations.Set(BootOptions));

    private ProxyBootOptions BootOptions => new()
    {
        Publish = Publish, PublishHostIps = [.. PublishHostIp], HttpPort = HttpPort, HttpsPort = HttpsPort, LogMaxSize = LogMaxSize,
        Registry = Registry, Repository = Repository, ImageVersion = ImageVersion, MetricsPort = MetricsPort, Debug = DebugProxy,
        DockerOptions = [.. DockerOptions],
    };
}

/// <summary>Shows the proxy's boot configuration on each host.</summary>
[Cmdlet(VerbsCommon.Get, "KamalProxyBootConfig")]
[OutputType(typeof(KamalProxyBootConfig))]
public sealed class GetKamalProxyBootConfigCommand : KamalReadCmdlet
{
    internal override void Execute() => Invoke(ProxyBootConfigOperations.Get());
}

/// <summary>Removes the proxy's boot configuration written by Set-KamalProxyBootConfig from the hosts.</summary>
[Cmdlet(VerbsCommon.Reset, "KamalProxyBootConfig", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class ResetKamalProxyBootConfigCommand : KamalServiceCmdlet
{
    internal override string CommandName => "proxy";

    internal override string Action => "Reset the boot configuration of the proxy";

    internal override void Execute() => Invoke(ProxyBootConfigOperations.Reset());
}
