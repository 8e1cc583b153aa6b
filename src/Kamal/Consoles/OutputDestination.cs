using System.Management.Automation;
using System.Reflection;

namespace Kamal.Consoles;

/// <summary>
/// Where the output of a cmdlet goes: only what comes last and is neither assigned nor redirected is the screen's. PowerShell knows, since it decides so for programs
/// of the system, but tells no cmdlet; so this asks what it keeps to itself. A PowerShell in which the names have changed is believed to show the output of a pipeline's last command.
/// </summary>
internal static class OutputDestination
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Whether the output is shown to whoever typed the command.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    public static bool IsScreen(PSCmdlet cmdlet)
    {
        if (cmdlet.MyInvocation.PipelinePosition < cmdlet.MyInvocation.PipelineLength) return false;
        if (cmdlet.CommandRuntime is not { } runtime || Property(runtime, "OutputPipe") is not { } pipe) return true;
        if (pipe.GetType().GetProperty("DownstreamCmdlet", Hidden) is not { } downstream) return true;
        return downstream.GetValue(pipe) is { } next && Property(next, "Command")?.GetType().Name == "OutDefaultCommand";
    }

    private static object? Property(object instance, string name) => instance.GetType().GetProperty(name, Hidden)?.GetValue(instance);
}
