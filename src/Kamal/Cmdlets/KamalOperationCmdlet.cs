using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Sessions;
using Kamal.Streams;

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
        EmitsPlan = RecordName is not null && (Report is not null || (ShowsProgress && ProgressBars.IsSeen(this))),
        HookOutput = Caller is { IsQuiet: true } ? HookOutput.Quiet
            : this.Switch("Verbose") is true ? HookOutput.Verbose
            : HookOutput.Default,
    };

    /// <summary>The console for interactive commands, or null for cmdlets without them.</summary>
    internal virtual IInteractiveConsole? OperatorConsole => null;

    /// <summary>Asks for confirmation. A preview says what it is of, and goes on.</summary>
    /// <exception cref="KamalException">This is a CI job, in which nobody answers.</exception>
    internal bool Confirmed(string target, string action)
    {
        if (IsCi && this.Asks() && !this.IsPreview())
        {
            KamalException unconfirmed = new(
                KamalErrorId.ArgumentInvalid, $"{action}: this needs confirmation, and nobody can answer a prompt in a CI job.")
            {
                Recommendation = Caller is null ? "Add -Confirm:$false." : "Add -y.",
            };
            NoteFailure(unconfirmed);
            WriteFailure(unconfirmed);
            return false;
        }

        return ShouldProcess(target, action) || this.IsPreview();
    }

    /// <summary>Whether a CI service runs this process.</summary>
    private static bool IsCi => SafeText.IsCi(Environment.GetEnvironmentVariable);

    /// <summary>Runs an operation, or previews it. Its results are written as they arrive.</summary>
    internal TResult Invoke<TResult>(Operation<TResult> operation)
    {
        var settings = Settings;
        return Run((sink, token) => OperationRunner.RunAsync(settings, operation, sink, token), settings.RecordName);
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
        IsInteractive = !Console.IsInputRedirected && !IsCi,
        Console = OperatorConsole,
        IsDebug = this.ShowsDebug(),
        RecordName = this.IsPreview() ? null : RecordName,
    };
}
