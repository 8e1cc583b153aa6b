using System.Management.Automation;
using Kamal.CommandLine;
using Kamal.Engine.Operations;

namespace Kamal.Cmdlets;

/// <summary>A cmdlet that changes something under the deploy lock.</summary>
public abstract class KamalLockingCmdlet : KamalConfigCmdlet
{
    /// <summary>A deploy lock that somebody holds is waited for, instead of being an error.</summary>
    [Parameter]
    public SwitchParameter LockWait { get; set; }

    /// <summary>How long the deploy lock is waited for, in seconds.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int LockWaitTimeout { get; set; } = 900;

    /// <summary>How often the deploy lock is looked at meanwhile, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int LockWaitInterval { get; set; } = 15;

    /// <summary>Kamal's name of the command and subcommand, as <c>app boot</c>.</summary>
    internal override string? RecordName =>
        CmdletBindings.CommandOf(MyInvocation.MyCommand.Name)?.Path ?? CommandName;

    internal override bool OutlastsOutput => true;

    internal override RunOptions Options => base.Options with
    {
        LockWait = LockWait,
        LockWaitTimeout = TimeSpan.FromSeconds(LockWaitTimeout),
        LockWaitInterval = TimeSpan.FromSeconds(LockWaitInterval),
    };
}
