using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that run an operation, on a project's hosts or on this machine only.</summary>
public abstract class KamalOperationCmdlet : KamalConfigCmdlet
{
    /// <summary>Kamal's name for the command, which hooks receive.</summary>
    internal virtual string CommandName => "";

    /// <summary>The name for records of its runs, or null if runs are not recorded.</summary>
    internal virtual string? RecordName => null;

    /// <summary>The settings of the run.</summary>
    internal virtual RunOptions Options => new()
    {
        Command = Caller?.Command ?? CommandName,
        HookOutput = Caller is { IsQuiet: true } ? HookOutput.Quiet
            : this.Switch("Verbose") is true ? HookOutput.Verbose
            : HookOutput.Default,
    };

    /// <summary>The console for interactive commands, or null for cmdlets without them.</summary>
    internal virtual IInteractiveConsole? OperatorConsole => null;

    /// <summary>Asks for confirmation, unless this is a preview.</summary>
    internal bool Confirmed(string target, string action) => this.IsPreview() || ShouldProcess(target, action);

    /// <summary>Runs an operation, or previews it. Its results are written as they arrive.</summary>
    internal TResult Invoke<TResult>(Operation<TResult> operation)
    {
        var settings = Settings;
        return Run((sink, token) => OperationRunner.RunAsync(settings, operation, sink, token));
    }

    /// <summary>The accessories to remove that other destinations also use, one sentence each.</summary>
    internal IReadOnlyList<string> SharedAccessories(params IReadOnlyList<string> names)
    {
        var settings = Settings with { RecordName = null };
        return Run((sink, token) => OtherDestinations.SharedAccessoriesAsync(settings, names, sink, token)) ?? [];
    }

    /// <summary>What to run, where and how.</summary>
    internal virtual RunSettings Settings => new()
    {
        Session = Session,
        Secrets = Secrets,
        Request = Request,
        MustMatch = Caller is not null,
        Options = Options,
        IsPreview = this.IsPreview(),
        IsInteractive = !Console.IsInputRedirected,
        Console = OperatorConsole,
        IsDebug = this.Switch("Debug") is true,
        RecordName = this.IsPreview() ? null : RecordName,
    };
}
