using System.Collections;
using System.Management.Automation;

namespace Kamal.Cmdlets;

/// <summary>
/// Takes names of hosts from the pipeline, but no objects: their text would stand for a host. Those that have a property with the name are
/// bound by it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HostNamesAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var isText = value is null or string or IEnumerable and not IDictionary || value.GetType().Namespace is "System" or "System.Net";
        if (isText) return inputData;
        // PowerShell goes on to other parameters after this one alone.
        PSInvalidCastException cause = new("An object is not the name of a host.");
        throw new ArgumentTransformationMetadataException(cause.Message, cause);
    }
}
