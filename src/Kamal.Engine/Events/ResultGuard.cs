using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
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
    private static readonly ImmutableArray<string> LongTexts =
        [nameof(KamalLock.Text), nameof(KamalDeployResult.Error), nameof(KamalPlanStep.Command)];

    private static readonly MethodInfo AsImmutable =
        typeof(ImmutableCollectionsMarshal).GetMethod(nameof(ImmutableCollectionsMarshal.AsImmutableArray))!;

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
        KamalCause cause => ErrorGuard.Guard(cause, line),
        ImmutableArray<KamalCause> causes => causes.Select(cause => ErrorGuard.Guard(cause, line)).ToImmutableArray() is var clean
            && clean.Zip(causes).All(pair => ReferenceEquals(pair.First, pair.Second)) ? causes : clean,
        IList items when ElementOf(value.GetType()) is { } element => CleanItems(items, element),
        _ when IsRecord(value?.GetType()) => Guard(value!),
        _ => value,
    };

    private object CleanItems(IList items, Type element)
    {
        var clean = items.Cast<object>().Select(Guard).ToArray();
        if (clean.Zip(items.Cast<object>()).All(pair => ReferenceEquals(pair.First, pair.Second))) return items;
        var array = Array.CreateInstance(element, clean.Length);
        clean.CopyTo(array, 0);
        return AsImmutable.MakeGenericMethod(element).Invoke(null, [array])!;
    }

    /// <summary>The records that an immutable array holds, or null.</summary>
    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) && type.GenericTypeArguments[0] is var element
            && IsRecord(element) ? element : null;

    private static bool IsRecord(Type? type) => type is { IsClass: true } && type.Namespace == typeof(KamalSecret).Namespace;

    private static ImmutableArray<PropertyInfo> Texts(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite
            && (property.PropertyType == typeof(string) || property.PropertyType == typeof(ImmutableArray<string>)
                || property.PropertyType == typeof(KamalCause) || property.PropertyType == typeof(ImmutableArray<KamalCause>)
                || IsRecord(property.PropertyType)
                || ElementOf(property.PropertyType) is not null)),
    ];
}
