using System.Management.Automation;
using Kamal.CommandLine;
using Kamal.Completion;
using Kamal.Engine.Operations;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that make changes under the deploy lock.</summary>
public abstract class KamalLockingCmdlet : KamalHostCmdlet
{
    /// <summary>
    /// The version of the app. The default is the checked-out commit, or the running version for commands that work on running
    /// containers.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public virtual string? Version { get; set; }

    /// <summary>Waits for a held lock instead of failing.</summary>
    [Parameter]
    public SwitchParameter LockWait { get; set; }

    /// <summary>The maximum number of seconds to wait for the lock.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int LockWaitTimeout { get; set; } = 900;

    /// <summary>The number of seconds between attempts to take the lock.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int LockWaitInterval { get; set; } = 15;

    /// <summary>Kamal's name for the command and subcommand, such as <c>app boot</c>.</summary>
    internal override string? RecordName =>
        CmdletBindings.CommandOf(MyInvocation.MyCommand.Name)?.Path ?? CommandName;

    internal override string? GivenVersion => Version ?? base.GivenVersion;

    internal override bool OutlastsOutput => true;

    internal override RunOptions Options => base.Options with
    {
        LockWait = LockWait,
        LockWaitTimeout = TimeSpan.FromSeconds(LockWaitTimeout),
        LockWaitInterval = TimeSpan.FromSeconds(LockWaitInterval),
    };
}
