using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Output;

/// <summary>Creates the recorders that a configuration specifies.</summary>
public static class RunRecorders
{
    /// <summary>One recorder for each section under <c>output</c>.</summary>
    /// <param name="output">The section, or null.</param>
    /// <param name="projectDirectory">The base of relative paths.</param>
    public static ImmutableArray<IRunRecorder> Of(OutputConfiguration? output, string projectDirectory)
    {
        var recorders = ImmutableArray.CreateBuilder<IRunRecorder>();
        if (output?.OtelEndpoint is { } endpoint) recorders.Add(new OtlpRunRecorder(endpoint));
        if (output?.FilePath is { } path) recorders.Add(new FileRunRecorder(Path.GetFullPath(Path.Combine(projectDirectory, path))));
        return recorders.ToImmutable();
    }
}
