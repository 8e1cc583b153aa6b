using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>The outcome of loading a configuration without failing: the configuration, or everything that is wrong with it.</summary>
/// <param name="Configuration">The configuration; null where there is any problem.</param>
/// <param name="Problems">What is wrong, in the order of the file.</param>
public sealed record ConfigurationCheck(KamalConfiguration? Configuration, ImmutableArray<ConfigurationProblem> Problems);
