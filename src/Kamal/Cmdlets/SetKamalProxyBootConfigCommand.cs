using System.Management.Automation;
using Kamal.Engine.Commands;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Writes on the hosts how the proxy boots, where deploy.yml's proxy.run does not say it.</summary>
[Cmdlet(VerbsCommon.Set, "KamalProxyBootConfig", SupportsShouldProcess = true)]
[OutputType(typeof(KamalHostResult))]
public sealed class SetKamalProxyBootConfigCommand : KamalServiceCmdlet
{
    /// <summary>Whether its ports are published on the host.</summary>
    [Parameter]
    public bool Publish { get; set; } = true;

    /// <summary>Addresses to publish on; all, if not said.</summary>
    [Parameter]
    public string[] PublishHostIp { get; set; } = [];

    /// <summary>The host's port for HTTP.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int HttpPort { get; set; } = ProxyBootOptions.Default.HttpPort;

    /// <summary>The host's port for HTTPS.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int HttpsPort { get; set; } = ProxyBootOptions.Default.HttpsPort;

    /// <summary>The size at which its log is rotated, as 10m; empty for no limit.</summary>
    [Parameter]
    [AllowEmptyString]
    public string LogMaxSize { get; set; } = ProxyBootOptions.Default.LogMaxSize;

    /// <summary>The registry of its image.</summary>
    [Parameter]
    public string? Registry { get; set; }

    /// <summary>The repository of its image.</summary>
    [Parameter]
    public string? Repository { get; set; }

    /// <summary>The tag of its image.</summary>
    [Parameter]
    public string? ImageVersion { get; set; }

    /// <summary>The port of its Prometheus metrics.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? MetricsPort { get; set; }

    /// <summary>It logs at debug level.</summary>
    [Parameter]
    public SwitchParameter DebugProxy { get; set; }

    /// <summary>More options of docker run, as name=value.</summary>
    [Parameter]
    public string[] DockerOptions { get; set; } = [];

    internal override string CommandName => "proxy";

    internal override string Action => "Set how the proxy boots";

    internal override void Execute() => Invoke(new ProxyBootConfigSetOperation(BootOptions));

    private ProxyBootOptions BootOptions => new()
    {
        Publish = Publish, PublishHostIps = [.. PublishHostIp], HttpPort = HttpPort, HttpsPort = HttpsPort, LogMaxSize = LogMaxSize,
        Registry = Registry, Repository = Repository, ImageVersion = ImageVersion, MetricsPort = MetricsPort, Debug = DebugProxy,
        DockerOptions = [.. DockerOptions],
    };
}
