using System.Management.Automation;
using System.Reflection;

namespace Kamal.Cmdlets;

/// <summary>Reads PowerShell's common parameters of a cmdlet.</summary>
internal static class CommonParameters
{
    /// <summary>Whether <c>-WhatIf</c> or <c>$WhatIfPreference</c> applies to the cmdlet.</summary>
    public static bool IsPreview(this PSCmdlet cmdlet) =>
        cmdlet.Switch("WhatIf") ?? (SupportsShouldProcess(cmdlet) && IsTrue(cmdlet.SessionState.PSVariable.GetValue("WhatIfPreference")));

    /// <summary>Whether <c>-ErrorAction</c> or <c>-WarningAction</c> silences errors or warnings.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="stream"><c>Error</c> or <c>Warning</c>.</param>
    public static bool IsSilenced(this PSCmdlet cmdlet, string stream = "Error") =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(stream + "Action", out var action)
        && action is ActionPreference.SilentlyContinue or ActionPreference.Ignore;

    /// <summary>Whether an error ends the pipeline, or may end it, by <c>-ErrorAction</c> or <c>$ErrorActionPreference</c>.</summary>
    public static bool EndsOnError(this PSCmdlet cmdlet)
    {
        var action = cmdlet.MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var bound)
            ? bound
            : cmdlet.SessionState.PSVariable.GetValue("ErrorActionPreference");
        return LanguagePrimitives.TryConvertTo<ActionPreference>(action, out var preference)
            && preference is ActionPreference.Stop or ActionPreference.Inquire;
    }

    /// <summary>Whether <c>-Confirm</c> or <c>$ConfirmPreference</c> makes the cmdlet ask before it acts.</summary>
    public static bool Asks(this PSCmdlet cmdlet) => cmdlet.Switch("Confirm")
        ?? (SupportsShouldProcess(cmdlet) && cmdlet.SessionState.PSVariable.GetValue("ConfirmPreference") is { } preference
            && LanguagePrimitives.ConvertTo<ConfirmImpact>(preference) is not ConfirmImpact.None and var least
            && cmdlet.GetType().GetCustomAttribute<CmdletAttribute>()!.ConfirmImpact >= least);

    /// <summary>Whether <c>-Debug</c> or <c>$DebugPreference</c> shows the debug stream.</summary>
    public static bool ShowsDebug(this PSCmdlet cmdlet) => cmdlet.Switch("Debug")
        ?? (LanguagePrimitives.TryConvertTo<ActionPreference>(
                cmdlet.SessionState.PSVariable.GetValue("DebugPreference"), out var preference)
            && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore));

    /// <summary>The value of a switch, or null if it is not specified.</summary>
    public static bool? Switch(this PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out var value) ? IsTrue(value) : null;

    private static bool IsTrue(object? value) => LanguagePrimitives.IsTrue(value);

    private static bool SupportsShouldProcess(PSCmdlet cmdlet) =>
        cmdlet.GetType().GetCustomAttribute<CmdletAttribute>()?.SupportsShouldProcess == true;
}
