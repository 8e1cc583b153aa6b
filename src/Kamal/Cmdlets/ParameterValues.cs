using System.Collections;

namespace Kamal.Cmdlets;

/// <summary>The values that a cmdlet's parameters were given, on the command line or by a pipeline object.</summary>
/// <param name="bound">The parameters that have one.</param>
internal sealed class ParameterValues(IReadOnlyDictionary<string, object> bound)
{
    /// <summary>Whether a parameter has a value.</summary>
    public bool AreBound(string name) => bound.ContainsKey(name);

    /// <summary>Whether a parameter has a value that is empty, or some that are.</summary>
    public bool HaveEmpty(string name) => bound.TryGetValue(name, out var value) && HasEmpty(value);

    /// <summary>Values without empty ones, or null if there are none.</summary>
    public static string[]? Given(string[]? values) =>
        values?.Where(value => !string.IsNullOrEmpty(value)).ToArray() is { Length: > 0 } given ? given : null;

    private static bool HasEmpty(object? value) => value switch
    {
        null or "" => true,
        string => false,
        ICollection { Count: 0 } => true,
        IEnumerable values => values.Cast<object?>().Any(item => item is null or ""),
        _ => false,
    };
}
