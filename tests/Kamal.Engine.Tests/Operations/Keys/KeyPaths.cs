using Kamal.Engine.Configuration.Metadata;

namespace Kamal.Engine.Tests.Operations.Keys;

/// <summary>The paths of all documented keys, from the metadata: sections that stand at several places are at each of them.</summary>
internal static class KeyPaths
{
    public static IReadOnlyList<string> All { get; } = [.. Below(ConfigurationMetadata.Root, "")];

    private static IEnumerable<string> Below(ConfigurationSection section, string path) =>
        section.Keys.SelectMany(key => Of(key.Shape, Join(path, key.Name), key.Name).Distinct());

    private static IEnumerable<string> Of(ValueShape shape, string path, string name) => shape switch
    {
        SectionShape section => Below(section.Section, path),
        EnvShape env => Below(SmallSections.Env, path).Where(key => env.AllowTags || !key.EndsWith("/tags", StringComparison.Ordinal)),
        MapShape { Value: SectionShape section } => Below(section.Section, $"{path}/{One(name)}"),
        MapShape { Value: ChoiceShape choice } when choice.Alternatives.OfType<SectionShape>().FirstOrDefault() is { } section =>
            Below(section.Section, $"{path}/{One(name)}"),
        ListShape { Item: ChoiceShape choice } => [path, .. Sections(choice).SelectMany(section => Below(section, path))],
        ChoiceShape choice =>
        [
            path, .. Sections(choice).SelectMany(section => Below(section, path)),
            .. choice.Alternatives.OfType<MapShape>().SelectMany(map => Of(map, path, name)),
        ],
        _ => [path],
    };

    private static IEnumerable<ConfigurationSection> Sections(ChoiceShape choice) =>
        choice.Alternatives.OfType<SectionShape>().Select(shape => shape.Section);

    private static string One(string name) => name switch
    {
        "servers" => "ROLE",
        "accessories" => "ACCESSORY",
        _ => throw new InvalidOperationException($"What is one of {name} called?"),
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";
}
