using System.Collections.Immutable;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>A program that was read.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Body">Its statements.</param>
/// <param name="UnknownNames">Names that the evaluator does not know, with their places.</param>
internal sealed record RubyProgram(RubySource Source, RubyNode Body, ImmutableArray<(int At, string Name)> UnknownNames);
