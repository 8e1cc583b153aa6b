using System.Management.Automation;
using System.Reflection;

namespace Kamal.Consoles;

/// <summary>
/// Determines where the output of a cmdlet goes. PowerShell decides the same for native programs but has no public API for it, so this uses
/// private members. If their names change, the output of a pipeline's last command counts as shown.
/// </summary>
internal static class OutputDestination
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Whether the output is shown on the screen, and not piped on, assigned or redirected.</summary>
    public static bool IsScreen(PSCmdlet cmdlet)
    {
        if (cmdlet.MyInvocation.PipelinePosition < cmdlet.MyInvocation.PipelineLength) return false;
        if (cmdlet.CommandRuntime is not { } runtime || Property(runtime, "OutputPipe") is not { } pipe) return true;
        if (pipe.GetType().GetProperty("DownstreamCmdlet", Hidden) is not { } downstream) return true;
        return downstream.GetValue(pipe) is { } next && Property(next, "Command")?.GetType().Name == "OutDefaultCommand";
    }

    private static object? Property(object instance, string name) => instance.GetType().GetProperty(name, Hidden)?.GetValue(instance);
}
