using System.Collections.Immutable;
using System.Diagnostics;

namespace Kamal.Engine.Secrets;

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
