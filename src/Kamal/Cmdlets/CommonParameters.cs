using System.Management.Automation;
using System.Reflection;

namespace Kamal.Cmdlets;

/// <summary>Reads PowerShell's common parameters of a cmdlet.</summary>
internal static class CommonParameters
{
    /// <summary>Whether <c>-WhatIf</c> or <c>$WhatIfPreference</c> applies to the cmdlet.</summary>
    public static bool IsPreview(this PSCmdlet cmdlet) =>
        cmdlet.Switch("WhatIf") ?? (SupportsShouldProcess(cmdlet) && IsTrue(cmdlet.SessionState.PSVariable.GetValue("WhatIfPreference")));

    /// <summary>Whether <c>-ErrorAction</c> silences errors.</summary>
    public static bool IsSilenced(this PSCmdlet cmdlet) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var action)
        && action is ActionPreference.SilentlyContinue or ActionPreference.Ignore;

    /// <summary>The value of a switch, or null if it is not specified.</summary>
    public static bool? Switch(this PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out var value) ? IsTrue(value) : null;

    private static bool IsTrue(object? value) => LanguagePrimitives.IsTrue(value);

    private static bool SupportsShouldProcess(PSCmdlet cmdlet) =>
        cmdlet.GetType().GetCustomAttribute<CmdletAttribute>()?.SupportsShouldProcess == true;
}
