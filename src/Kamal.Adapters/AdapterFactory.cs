using Kamal.Adapters.Ssh;
using Kamal.Engine;
using Kamal.Engine.Hosts;

namespace Kamal.Adapters;

/// <summary>The adapters over SSH.NET and YamlDotNet; created by its name in a load context of its own.</summary>
public sealed class AdapterFactory : IAdapterFactory
{
    /// <inheritdoc/>
    public IHostConnector CreateHostConnector() => new SshNetConnector();

    /// <inheritdoc/>
    public Engine.Configuration.IYamlReader CreateYamlReader() => new Yaml.YamlReader();
}
