using System.Management.Automation;
using System.Reflection;

namespace Kamal.Streams;

/// <summary>
/// Makes <c>-Debug</c> mean the debug stream and nothing more. PowerShell also turns each verbose line, warning and error of a cmdlet with
/// <c>-Debug</c> into a prompt, which would hold up a deploy, and fails in a session that is not interactive.
/// </summary>
internal static class DebugSwitch
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Shows the debug stream without prompts, if the cmdlet has <c>-Debug</c>.</summary>
    /// <param name="cmdlet">The cmdlet, which has not written anything yet.</param>
    /// <param name="isSet">Whether <c>-Debug</c> is specified and true.</param>
    public static void Apply(Cmdlet cmdlet, bool isSet)
    {
        if (!isSet || cmdlet.CommandRuntime is not { } runtime) return;
        // What the engine's common parameters set. The preference wins over the switch, whose absence restores the other streams.
        if (Property(runtime, "DebugPreference", typeof(ActionPreference)) is not { } preference
            || Property(runtime, "Debug", typeof(bool)) is not { } debug) return;
        preference.SetValue(runtime, ActionPreference.Continue);
        debug.SetValue(runtime, false);
    }

    private static PropertyInfo? Property(ICommandRuntime runtime, string name, Type type) =>
        runtime.GetType().GetProperty(name, Internal) is { CanWrite: true } property && property.PropertyType == type ? property : null;
}
