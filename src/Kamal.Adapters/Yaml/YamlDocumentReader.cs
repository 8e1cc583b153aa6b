using System.Collections.Immutable;
using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kamal.Adapters.Yaml;

/// <summary>
/// Builds the engine's nodes from YAML events. Aliases share nodes to bound memory; expanded values are counted to bound time.
/// </summary>
internal sealed class YamlDocumentReader(IParser parser, SourceText source, ICollection<ConfigurationProblem> problems)
{
    private const string MergeKey = "<<";
    private readonly Dictionary<string, Sized> _anchors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private int _total;

    /// <summary>The current position.</summary>
    public ConfigPosition Position => parser.Current is { } current ? At(current.End) : new(source.File, 0, 0);

    public ConfigNode Read()
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out var end)) return ConfigScalar.OfNull(At(end.Start));
        parser.Consume<DocumentStart>();
        var root = ReadNode(0).Node;
        // Whatever follows an explicit end is not read, as in Ruby, and may be no YAML at all.
        if (parser.Accept<DocumentEnd>(out var close) && !close.IsImplicit) return root;
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second) && parser.Current is not Scalar { Value: "", IsPlainImplicit: true })
        {
            problems.Add(ConfigurationProblem.At(At(second.Start), "", "a second YAML document begins here; only one is allowed"));
        }

        return root;
    }

    private Sized ReadNode(int depth)
    {
        var current = parser.Current ?? throw new YamlException("unexpected end");
        if (depth > YamlReader.MaxDepth)
        {
            throw new YamlLimitException(At(current.Start), $"nested deeper than {YamlReader.MaxDepth} levels");
        }
        if (parser.TryConsume<AnchorAlias>(out var alias)) return Resolve(alias);

        var anchor = current is NodeEvent { Anchor.IsEmpty: false } node ? node.Anchor.Value : null;
        if (anchor is not null) _open.Add(anchor);
        var read = current switch
        {
            Scalar => Count(ReadScalar(), 1, current),
            SequenceStart => ReadList(depth),
            MappingStart => ReadMap(depth),
            _ => throw new YamlException(current.Start, current.End, "unexpected content"),
        };
        if (anchor is not null)
        {
            _open.Remove(anchor);
            _anchors[anchor] = read;
        }

        return read;
    }

    private Sized Resolve(AnchorAlias alias)
    {
        var name = alias.Value.Value;
        if (_open.Contains(name)) throw new YamlLimitException(At(alias.Start), $"the alias *{name} is inside its own anchor");
        if (!_anchors.TryGetValue(name, out var target))
        {
            throw new YamlLimitException(At(alias.Start), $"the alias *{name} has no anchor before it");
        }
        return Count(target.Node, target.Size, alias);
    }

    private ConfigScalar ReadScalar()
    {
        var scalar = parser.Consume<Scalar>();
        var position = At(scalar.Start);
        if (scalar.Tag.IsEmpty) return scalar.Style is ScalarStyle.Plain
            ? ConfigScalar.OfPlain(position, scalar.Value)
            : ConfigScalar.OfText(position, scalar.Value);
        if (scalar.Tag.IsNonSpecific) return ConfigScalar.OfText(position, scalar.Value);
        switch (scalar.Tag.Value)
        {
            case "tag:yaml.org,2002:str":
                return ConfigScalar.OfText(position, scalar.Value);
            case "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:null":
                return ConfigScalar.OfPlain(position, scalar.Value);
            default:
                RefuseTag(position, scalar.Tag);
                return ConfigScalar.OfText(position, scalar.Value);
        }
    }

    private Sized ReadList(int depth)
    {
        var start = parser.Consume<SequenceStart>();
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific
            && start.Tag.Value != "tag:yaml.org,2002:seq") RefuseTag(At(start.Start), start.Tag);
        var items = ImmutableArray.CreateBuilder<ConfigNode>();
        var size = 1;
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            var item = ReadNode(depth + 1);
            items.Add(item.Node);
            size += item.Size;
        }

        Add(1, start);
        return new(new ConfigList(At(start.Start), items.ToImmutable()), size);
    }

    private Sized ReadMap(int depth)
    {
        var start = parser.Consume<MappingStart>();
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific
            && start.Tag.Value != "tag:yaml.org,2002:map") RefuseTag(At(start.Start), start.Tag);
        var entries = new List<ConfigEntry>();
        var seen = new Dictionary<string, ConfigPosition>(StringComparer.Ordinal);
        var size = 1;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var merges = parser.Current is Scalar { Style: ScalarStyle.Plain, Value: MergeKey };
            var keyStart = parser.Current!.Start;
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            size += value.Size + 1;
            if (merges) entries.AddRange(Merged(value.Node));
            else if (KeyOf(key.Node) is { } text)
            {
                var position = At(keyStart);
                if (!seen.TryAdd(text, position))
                {
                    problems.Add(ConfigurationProblem.At(position, text,
                        $"duplicate key: it replaces the one on line {seen[text].Line}") with { IsWarning = true });
                }

                entries.Add(new(text, position, value.Node));
            }
        }

        Add(1, start);
        return new(new ConfigMap(At(start.Start), entries), size);
    }

    /// <summary>The keys merged by <c>&lt;&lt;</c>, in its place. Later keys of the map replace them, as in Ruby.</summary>
    private IEnumerable<ConfigEntry> Merged(ConfigNode value)
    {
        switch (value)
        {
            case ConfigMap map:
                return map.Entries;
            case ConfigList list when list.Items.All(item => item is ConfigMap):
                return list.Items.Reverse().Cast<ConfigMap>().SelectMany(map => map.Entries);
            default:
                problems.Add(ConfigurationProblem.At(value.Position, MergeKey, "only a map, or a list of maps, can be merged"));
                return [];
        }
    }

    private string? KeyOf(ConfigNode key)
    {
        if (key is ConfigScalar { Kind: not ScalarKind.Null } scalar) return scalar.Text;
        problems.Add(ConfigurationProblem.At(key.Position, "", $"a key must be a string, not {key.Description}"));
        return null;
    }

    private void RefuseTag(ConfigPosition position, TagName tag) =>
        problems.Add(ConfigurationProblem.At(position, "", $"the YAML tag {tag.Value} is not supported; remove it"));

    private Sized Count(ConfigNode node, int size, ParsingEvent at)
    {
        Add(size, at);
        return new(node, size);
    }

    private void Add(int size, ParsingEvent at)
    {
        _total += size;
        if (_total > YamlReader.MaxNodes)
        {
            throw new YamlLimitException(At(at.Start), $"more than {YamlReader.MaxNodes} values after aliases are expanded");
        }
    }

    private ConfigPosition At(Mark mark) => source.At((int)mark.Line, (int)mark.Column);

    private readonly record struct Sized(ConfigNode Node, int Size);
}

/// <summary>A document exceeds a limit or cannot be represented.</summary>
internal sealed class YamlLimitException(ConfigPosition position, string message) : Exception(message)
{
    public ConfigPosition Position { get; } = position;
}
