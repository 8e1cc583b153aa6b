using System.Collections.Immutable;
using System.Diagnostics;

namespace Kamal.Engine.Secrets;

/// <summary>The assignments of all secrets files, in order, with what each refers to.</summary>
internal sealed class SecretBook
{
    private readonly ImmutableArray<ImmutableArray<int>> _needs;
    private readonly Dictionary<string, int> _last = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly ImmutableArray<Dictionary<string, int>> _seen;

    /// <summary>Creates a book.</summary>
    /// <param name="entries">The assignments in reading order.</param>
    /// <param name="files">The files that were read.</param>
    public SecretBook(ImmutableArray<SecretEntry> entries, ImmutableArray<string> files)
    {
        Entries = entries;
        Files = files;
        var needs = ImmutableArray.CreateBuilder<ImmutableArray<int>>(entries.Length);
        var seen = ImmutableArray.CreateBuilder<Dictionary<string, int>>(entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            var mine = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var name in entries[i].Parts.SelectMany(part => part.References))
            {
                if (_last.TryGetValue(name, out var before)) mine[name] = before;
            }

            seen.Add(mine);
            needs.Add([.. mine.Values.Distinct()]);
            if (_last.TryAdd(entries[i].Key, i)) _order.Add(entries[i].Key);
            else _last[entries[i].Key] = i;
        }

        _needs = needs.MoveToImmutable();
        _seen = seen.MoveToImmutable();
    }

    /// <summary>The assignments in reading order.</summary>
    public ImmutableArray<SecretEntry> Entries { get; }

    /// <summary>The files that were read, as messages name them.</summary>
    public ImmutableArray<string> Files { get; }

    /// <summary>The assignment that counts for each name, in the order in which the names first occur.</summary>
    public IEnumerable<(string Name, int Entry)> Final => _order.Select(name => (name, _last[name]));

    /// <summary>The assignment that counts for a name, or null.</summary>
    /// <param name="name">The name.</param>
    public int? Find(string name) => _last.TryGetValue(name, out var entry) ? entry : null;

    /// <summary>The assignment that a name means inside another: the last one before it.</summary>
    /// <param name="entry">Where the name is used.</param>
    /// <param name="name">The name.</param>
    public int? FindBefore(int entry, string name) => _seen[entry].TryGetValue(name, out var before) ? before : null;

    /// <summary>
    /// An assignment and all it needs, in an order in which each can be made; without recursion, for chains of any length.
    /// </summary>
    /// <param name="entry">The assignment.</param>
    public IEnumerable<int> WithNeeds(int entry)
    {
        var found = new SortedSet<int> { entry };
        var open = new Stack<int>([entry]);
        while (open.TryPop(out var next))
        {
            foreach (var need in _needs[next])
            {
                if (found.Add(need)) open.Push(need);
            }
        }

        // References only point backwards, so the file's order is an order in which everything is ready when needed.
        return found;
    }
}

/// <summary>One assignment in a secrets file.</summary>
[DebuggerDisplay("{Key} ({File} line {Line})")]
internal sealed class SecretEntry(string key, ImmutableArray<SecretPart> parts, string file, int line)
{
    /// <summary>The name that is assigned.</summary>
    public string Key { get; } = key;

    /// <summary>What the value is made of.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public ImmutableArray<SecretPart> Parts { get; } = parts;

    /// <summary>The file, as messages name it.</summary>
    public string File { get; } = file;

    /// <summary>Its line, from 1.</summary>
    public int Line { get; } = line;
}
