using Kamal.Adapters.Ssh;
using Kamal.Adapters.Yaml;
using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Adapters;

/// <summary>The adapters over Kamal.Ssh and YamlDotNet; created by its name in a load context of its own.</summary>
public sealed class AdapterFactory : IAdapterFactory
{
    /// <inheritdoc/>
    public IHostConnector CreateHostConnector() => new SshHostConnector();

    /// <inheritdoc/>
    public IHostResolver CreateHostResolver(HostAccess access) => new SshHostResolver(access);

    /// <inheritdoc/>
    public IYamlReader CreateYamlReader() => new YamlReader();
}
