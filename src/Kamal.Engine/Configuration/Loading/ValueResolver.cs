using System.Collections.Immutable;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Converts common values: variables, options, environment, logging, registry.</summary>
internal static class ValueResolver
{
    /// <summary>Names with values. Blank values become null, and false becomes text, as in Kamal's argument lists.</summary>
    public static ImmutableArray<EnvVariable> Variables(ConfigMap? map) =>
        map is null
            ? []
            : [
                .. map.Entries.Select(entry =>
                    new EnvVariable(entry.Key, entry.Value is ConfigScalar { IsBlank: false } scalar ? scalar.Text : null))];

    /// <summary>Docker options: true becomes a flag, and a list becomes one option per entry.</summary>
    public static ImmutableArray<DockerOption> Options(ConfigMap? map)
    {
        if (map is null) return [];
        return
        [
            .. map.Entries.SelectMany(entry =>
                entry.Value is ConfigList list ? list.Items.Select(item => Option(entry.Key, item)) : [Option(entry.Key, entry.Value)]),
        ];
    }

    public static (ImmutableArray<DockerOption> Options, string? RestartPolicy) ContainerOptions(ConfigMap? map) =>
        (Options(map?.Without("restart")), map.Text("restart"));

    public static EnvConfiguration Env(ConfigMap? map)
    {
        if (map is null) return EnvConfiguration.Empty;
        if (!EnvShape.IsSplit(map)) return new() { Clear = Variables(map) };
        return new()
        {
            Clear = Variables(map.Map("clear")),
            Secret = [.. (map.Texts("secret") ?? []).Distinct().Select(SecretBinding.Parse)],
        };
    }

    public static LoggingConfiguration Logging(ConfigMap? root, ConfigMap? own)
    {
        var map = root is not null && own is not null ? root.DeepMerge(own) : own ?? root;
        return map is null ? LoggingConfiguration.Default : new() { Driver = map.Text("driver"), Options = Variables(map.Map("options")) };
    }

    public static RegistryConfiguration Registry(ConfigMap map) => new()
    {
        Server = map.Text("server"),
        Username = Credential(map["username"]) is { Literal: { } name } plain
            ? plain with { Plain = name.Reveal() }
            : Credential(map["username"]),
        Password = Credential(map["password"]),
    };

    private static CredentialValue? Credential(ConfigNode? node) => node switch
    {
        ConfigList { Items: [ConfigScalar name] } => new() { SecretName = name.Text },
        ConfigScalar { IsBlank: false } literal => new() { Literal = new SecretValue(literal.Text) },
        _ => null,
    };

    private static DockerOption Option(string name, ConfigNode node) =>
        new(name, node is ConfigScalar { IsTrue: false, Kind: not ScalarKind.Null } scalar ? scalar.Text : null);
}
