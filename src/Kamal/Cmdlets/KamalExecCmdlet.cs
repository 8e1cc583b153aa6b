using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Commands;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>A cmdlet that runs a user's own command on hosts.</summary>
public abstract class KamalExecCmdlet : KamalTargetCmdlet
{
    /// <summary>The operator works with the command: it gets this terminal, by the system's <c>ssh</c>, on one host.</summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <summary>What it prints is written unchanged, as one array of bytes for each host, rather than as an object with text.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    internal override string Action => $"Run '{CommandLine}'";

    /// <summary>The command line, for the host's shell.</summary>
    internal string CommandLine => Caller is null ? UserCommandLine.OfArguments(Words) : UserCommandLine.OfKamal(Words);

    /// <summary>The words of the command.</summary>
    internal abstract IReadOnlyList<string> Words { get; }

    /// <summary>The command and what this cmdlet says of how to run it.</summary>
    internal virtual ExecOptions ExecOptions => new(CommandLine)
    {
        Interactive = Interactive,
        HasTerminal = !Console.IsInputRedirected,
        Raw = Raw,
    };

    /// <summary>
    /// A command that ran and ended with another exit code than 0 has a result, with the code; so its error ends nothing: with a terminating one,
    /// <c>$result = Invoke-KamalAppCommand …</c> would assign nothing.
    /// </summary>
    internal override void WriteFailure(KamalException error)
    {
        if (error is { Id: KamalErrorId.RemoteCommandFailed, ExitCode: not null }) WriteError(KamalErrors.ToRecord(error, Guard));
        // Its hosts' errors are written already.
        else if (error is not { Id: KamalErrorId.OperationFailed, Causes: [_, ..] causes } || !causes.All(IsCommandsOwn)) base.WriteFailure(error);
    }

    private static bool IsCommandsOwn(KamalException cause) => cause is { Id: KamalErrorId.RemoteCommandFailed, ExitCode: not null };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Caller is not null && UserCommandLine.Warning(Words) is { } warning) WriteWarning(Guard.Line(warning));
    }
}
