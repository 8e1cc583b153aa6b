using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Metadata;

namespace Kamal.Engine.Commands;

/// <summary>
/// What <c>proxy boot_config set</c> writes to the host: how to start the proxy's container if deploy.yml does not say so.
/// </summary>
public sealed record ProxyBootOptions
{
    /// <summary>The options of a host without boot_config files.</summary>
    public static ProxyBootOptions Default { get; } = new();

    /// <summary>Whether ports are published on the host.</summary>
    public bool Publish { get; init; } = true;

    /// <summary>Addresses to publish on; empty for all.</summary>
    public ImmutableArray<string> PublishHostIps { get; init; } = [];

    /// <summary>The host's port for HTTP.</summary>
    public int HttpPort { get; init; } = 80;

    /// <summary>The host's port for HTTPS.</summary>
    public int HttpsPort { get; init; } = 443;

    /// <summary>The size at which Docker rotates the proxy's log; empty for no limit.</summary>
    public string LogMaxSize { get; init; } = "10m";

    /// <summary>The registry of the proxy's image.</summary>
    public string? Registry { get; init; }

    /// <summary>The repository of the proxy's image, without the image's own name.</summary>
    public string? Repository { get; init; }

    /// <summary>The image's tag.</summary>
    public string? ImageVersion { get; init; }

    /// <summary>The port for Prometheus metrics.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>Whether the proxy logs at debug level.</summary>
    public bool Debug { get; init; }

    /// <summary>More options for <c>docker run</c>, as <c>name=value</c>.</summary>
    public ImmutableArray<string> DockerOptions { get; init; } = [];

    /// <summary>The content of the options file, which xargs splits into words on the host.</summary>
    public string OptionsText
    {
        get
        {
            List<string> words = [];
            if (Publish) words.AddRange(PublishArguments(HttpPort, HttpsPort, PublishHostIps));
            if (LogMaxSize.Length > 0) words.AddRange(["--log-opt", "max-size=" + LogMaxSize]);
            if (MetricsPort is { } port) words.Add("--expose=" + port.ToString(CultureInfo.InvariantCulture));
            words.AddRange(DockerOptions.Select(option => "--" + option));
            return string.Join(' ', words);
        }
    }

    /// <summary>The content of the image file; null for the default image.</summary>
    public string? ImageText =>
        Registry is null && Repository is null
            ? null
            : string.Join('/', new[] { Registry, Repository ?? "basecamp", "kamal-proxy" }.Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>The content of the run command file; null for the image's own command.</summary>
    public string? RunCommandText
    {
        get
        {
            if (!Debug && MetricsPort is null) return null;
            return "kamal-proxy run" + (Debug ? " --debug" : "")
                + (MetricsPort is { } port ? string.Create(CultureInfo.InvariantCulture, $" --metrics-port \"{port}\"") : "");
        }
    }

    /// <summary>Checks the addresses and names.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: an address or a name is not valid.</exception>
    public void Validate()
    {
        if (!string.IsNullOrEmpty(Registry)) GivenNames.Check(Registry, "registry", Names.Registry);
        if (!string.IsNullOrEmpty(Repository)) GivenNames.Check(Repository, "repository", Names.Repository);
        if (!string.IsNullOrEmpty(ImageVersion)) GivenNames.Check(ImageVersion, "image version", Names.Tag);
        if (LogMaxSize.Length > 0) GivenNames.Check(LogMaxSize, "log size", Names.Token);
        foreach (var option in DockerOptions)
        {
            if (option.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0)
            {
                throw new KamalException(KamalErrorId.ArgumentInvalid, "An option for docker run cannot contain a newline.");
            }
        }

        foreach (var ip in PublishHostIps)
        {
            if (!IPAddress.TryParse(ip, out _))
            {
                throw new KamalException(KamalErrorId.ArgumentInvalid, $"'{ip}' is not an IP address.");
            }
        }
    }

    /// <summary><c>--publish</c> options for HTTP and HTTPS on each address.</summary>
    internal static IEnumerable<string> PublishArguments(int httpPort, int httpsPort, ImmutableArray<string> addresses)
    {
        foreach (var address in addresses.IsEmpty ? [""] : addresses)
        {
            var isBareV6 = IPAddress.TryParse(address, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 && address[0] != '[';
            var prefix = address.Length == 0 ? "" : isBareV6 ? $"[{address}]:" : address + ":";
            foreach (var (host, container) in new[] { (httpPort, 80), (httpsPort, 443) })
            {
                yield return "--publish";
                yield return string.Create(CultureInfo.InvariantCulture, $"{prefix}{host}:{container}");
            }
        }
    }
}
