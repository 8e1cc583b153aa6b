using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Kamal.Engine.Results;

namespace Kamal.Engine.Events;

/// <summary>Makes results safe to show: every string of a record and of the records in it.</summary>
/// <remarks>
/// Legitimate names, versions and states contain no control characters, so scripts lose nothing. Output that the
/// operator asked for keeps its text; the views escape it.
/// </remarks>
/// <param name="lines">Cleans multi-line text.</param>
/// <param name="line">Cleans a single line.</param>
internal sealed class ResultGuard(Func<string, string> lines, Func<string, string> line)
{
    private static readonly ImmutableArray<Type> Asked = [typeof(KamalCommandResult), typeof(KamalLogLine), typeof(KamalSecret)];

    /// <summary>Properties that hold multi-line text.</summary>
    private static readonly ImmutableArray<string> LongTexts = [nameof(KamalLock.Text), nameof(KamalDeployResult.Error)];

    private readonly ConcurrentDictionary<Type, ImmutableArray<PropertyInfo>> _properties = [];

    /// <summary>The result itself if it is safe to show, otherwise a cleaned copy.</summary>
    public object Guard(object result)
    {
        var type = result.GetType();
        if (type.Namespace != typeof(KamalSecret).Namespace || Asked.Contains(type) || !type.IsClass) return result;
        object? copy = null;
        foreach (var property in _properties.GetOrAdd(type, Texts))
        {
            var before = property.GetValue(result);
            var after = Clean(property.Name, before);
            if (Equals(before, after)) continue;
            // The record's own copy method; reflection can call `init` setters.
            copy ??= type.GetMethod("<Clone>$")!.Invoke(result, null)!;
            property.SetValue(copy, after);
        }

        return copy ?? result;
    }

    private object? Clean(string name, object? value) => value switch
    {
        string text => LongTexts.Contains(name) ? lines(text) : line(text),
        ImmutableArray<string> texts => texts.Select(line) is var clean && clean.SequenceEqual(texts) ? texts : [.. clean],
        ImmutableArray<KamalProxyService> services =>
            services.Select(Guard) is var clean && clean.Zip(services).All(pair => ReferenceEquals(pair.First, pair.Second))
            ? services : [.. clean.Cast<KamalProxyService>()],
        KamalContainer container => Guard(container),
        KamalCause cause => ErrorGuard.Guard(cause, line),
        _ => value,
    };

    private static ImmutableArray<PropertyInfo> Texts(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite
            && (property.PropertyType == typeof(string) || property.PropertyType == typeof(ImmutableArray<string>)
                || property.PropertyType == typeof(ImmutableArray<KamalProxyService>) || property.PropertyType == typeof(KamalContainer)
                || property.PropertyType == typeof(KamalCause))),
    ];
}
