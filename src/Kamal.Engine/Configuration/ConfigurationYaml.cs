using Kamal.Engine.Configuration.Nodes;
using Kamal.Engine.Configuration.Output;

namespace Kamal.Engine.Configuration;

/// <summary>Prints a resolved configuration as <c>kamal config</c> does: YAML with Ruby symbols as keys.</summary>
/// <remarks>
/// Keys, order and values as in Kamal 2.12, except that passwords, private keys and tokens are redacted, as in
/// <see cref="ConfigurationView"/>.
/// </remarks>
public static class ConfigurationYaml
{
    private static readonly ConfigPosition Nowhere = new("", 0, 0);

    /// <summary>Prints a configuration with a resolved version.</summary>
    public static string Print(KamalConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var source = configuration.Source ?? new(Nowhere, []);
        var yaml = YamlWriter.Write(Map(
            (":roles", Texts(configuration.Roles.Select(role => role.Name))),
            (":hosts", Texts(configuration.AllHosts)),
            (":primary_host", Text(configuration.PrimaryHost)),
            (":version", Text(configuration.Version)),
            (":repository", Text(configuration.Repository)),
            (":absolute_image", Text(configuration.AbsoluteImage)),
            (":service_with_version", Text($"{configuration.Service}-{configuration.Version}")),
            (":volume_args", Texts(configuration.Volumes.SelectMany(volume => (string[])["--volume", volume]))),
            (":ssh_options", SshOptions(configuration.Ssh, source["ssh"] as ConfigMap)),
            (":sshkit", source["sshkit"] ?? Map()),
            (":builder", source["builder"]),
            (":accessories", Accessories(source["accessories"])),
            (":logging", Texts(LoggingArguments(configuration.Logging)))));
        return ConfigurationView.RedactorOf(configuration).Redact(yaml);
    }

    private static ConfigMap SshOptions(SshConfiguration ssh, ConfigMap? source) => Map(
        (":user", Text(ssh.User ?? "root")),
        (":port", source?["port"] ?? ConfigScalar.OfPlain(Nowhere, "22")),
        (":proxy", Text(ssh.Proxy is { } jump ? jump.Contains('@', StringComparison.Ordinal) ? jump : $"root@{jump}" : ssh.ProxyCommand)),
        (":keepalive", ConfigScalar.OfBoolean(Nowhere, true)),
        (":keepalive_interval", ConfigScalar.OfPlain(Nowhere, "30")),
        (":keys_only", source?["keys_only"]),
        (":keys", source?["keys"]),
        (":key_data", ssh.KeyData.IsEmpty
            ? null
            : Texts(ssh.KeyData.Select(key => SecretValue.IsPrivateKey(key) ? ShellWord.Redaction : key))),
        (":config", source?["config"]),
        (":forward_agent", source?["forward_agent"]),
        (":log_level", source?["log_level"] ?? ConfigScalar.OfPlain(Nowhere, ":fatal")));

    /// <summary>The words of the logging options, quoted as in a command.</summary>
    private static IEnumerable<string> LoggingArguments(LoggingConfiguration logging)
    {
        if (logging.Driver is null && logging.Options.IsEmpty) return ["--log-opt", "max-size=\"10m\""];
        var driver = logging.Driver is null ? [] : (string[])["--log-driver", ShellWord.Value(logging.Driver).Text];
        return driver.Concat(logging.Options.SelectMany(option =>
            (string[])["--log-opt", option.Value is null ? option.Name : $"{option.Name}={ShellWord.Value(option.Value).Text}"]));
    }

    private static ConfigNode? Accessories(ConfigNode? node)
    {
        if (node is not ConfigMap map) return node;
        return new ConfigMap(Nowhere, map.Entries.Select(entry => entry with
        {
            Value = entry.Value is ConfigMap accessory && accessory["registry"] is ConfigMap registry
                ? Replace(accessory, "registry", Credentials(registry))
                : entry.Value,
        }));
    }

    /// <summary>A registry without a literal password.</summary>
    private static ConfigMap Credentials(ConfigMap registry) => new(Nowhere, registry.Entries.Select(entry =>
        entry.Key == "password" && entry.Value is ConfigScalar
            ? entry with { Value = ConfigScalar.OfText(Nowhere, ShellWord.Redaction) }
            : entry));

    private static ConfigMap Replace(ConfigMap map, string key, ConfigNode value) =>
        new(Nowhere, map.Entries.Select(entry => entry.Key == key ? entry with { Value = value } : entry));

    private static ConfigScalar? Text(string? text) => text is null ? null : ConfigScalar.OfText(Nowhere, text);

    private static ConfigList Texts(IEnumerable<string> texts) =>
        new(Nowhere, [.. texts.Select(text => ConfigScalar.OfText(Nowhere, text))]);

    private static ConfigMap Map(params ReadOnlySpan<(string Key, ConfigNode? Value)> entries)
    {
        var kept = new List<ConfigEntry>();
        foreach (var (key, value) in entries)
        {
            if (value is not null) kept.Add(new(key, Nowhere, value));
        }

        return new(Nowhere, kept);
    }
}
