using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>A host of a role, with the tags that give it further environment variables.</summary>
/// <param name="Name">The host as the file names it.</param>
/// <param name="Tags">Its tags.</param>
public sealed record TaggedHost(string Name, ImmutableArray<string> Tags);
