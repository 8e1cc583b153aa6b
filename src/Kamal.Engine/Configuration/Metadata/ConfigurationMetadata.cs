using System.Collections.Immutable;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>Everything that deploy.yml can contain: the single source for validation, suggestions, JSON schema and documentation.</summary>
public static class ConfigurationMetadata
{
    /// <summary>The version of Kamal that this module is compatible with; <c>minimum_version</c> is compared with it.</summary>
    public const string KamalVersion = "2.12.0";

    /// <summary>The root of the file.</summary>
    public static ConfigurationSection Root => RootSection.Section;

    /// <summary>All sections, including nested ones.</summary>
    public static ImmutableArray<ConfigurationSection> Sections { get; } =
    [
        RootSection.Section, RoleSections.Accessory, RoleSections.Path, SmallSections.Alias, SmallSections.Boot,
        BuilderSection.Section, BuilderSection.Pack, BuilderSection.Cache, SmallSections.Env, SmallSections.Logging,
        SmallSections.Output, SmallSections.OutputOtel, SmallSections.OutputFile,
        ProxySection.Section, ProxySection.Certificate, ProxySection.Healthcheck, ProxySection.Buffering, ProxySection.Logging,
        ProxySection.Run,
        SmallSections.Registry, RoleSections.Role, SmallSections.Servers, SmallSections.Ssh, SmallSections.Sshkit,
        OwnSection.Section, OwnSection.Builder, OwnSection.Dotnet,
    ];

    /// <summary>The documented section of that name, or null.</summary>
    /// <param name="name">The name in <c>kamal docs NAME</c>.</param>
    public static ConfigurationSection? FindTopic(string name) =>
        Sections.FirstOrDefault(section => section.IsTopic && section.Name == name);
}
