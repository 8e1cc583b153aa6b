using System.Globalization;
using System.Management.Automation;

namespace Kamal.Cmdlets;

/// <summary>Lets a parameter take a time such as <c>30s</c> or <c>2m</c>, a number of seconds, or a TimeSpan.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShortTimeAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            null => value,
            TimeSpan time when time >= TimeSpan.Zero => time,
            // PowerShell reads an unquoted 30s as a number of type short.
            short or int when Convert.ToInt32(value, CultureInfo.InvariantCulture) is >= 0 and < 1_000_000 and var seconds =>
                TimeSpan.FromSeconds(seconds),
            string text when ShortTime.TryParse(text, out var time) => time,
            string text when text.Contains(':', StringComparison.Ordinal)
                && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero => time,
            _ => throw new ArgumentTransformationMetadataException($"'{value}' is not {ShortTime.Meaning}."),
        };
    }
}
