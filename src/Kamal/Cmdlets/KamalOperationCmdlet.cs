using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that run an operation, usually on a project's hosts.</summary>
public abstract class KamalOperationCmdlet : KamalConfigCmdlet
{
    /// <summary>The hosts to work on. Wildcards are supported. The default is all hosts.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [ArgumentCompleter(typeof(HostCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? HostName { get; set; }

    /// <summary>The roles to work on. Wildcards are supported. The default is all roles.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RoleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Role { get; set; }

    /// <summary>Works only on the primary host.</summary>
    [Parameter]
    public SwitchParameter Primary { get; set; }

    /// <summary>Does not run hooks.</summary>
    [Parameter]
    public SwitchParameter SkipHooks { get; set; }

    /// <summary>The maximum number of hosts to work on at once. The default is all hosts.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <summary>
    /// Accepts unknown host keys and adds them to known_hosts, instead of prompting or failing. Changed keys are always refused.
    /// </summary>
    [Parameter]
    public SwitchParameter AcceptNewHostKey { get; set; }

    /// <summary>
    /// The account and password for hosts that do not accept keys. A host with its own account, such as user@host, uses that account and
    /// does not receive the password. Jump hosts do not receive it either.
    /// </summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Kamal's name for the command, which hooks receive.</summary>
    internal virtual string CommandName => "";

    /// <summary>The name for records of its runs, or null if runs are not recorded.</summary>
    internal virtual string? RecordName => null;

    /// <summary>The settings of the run.</summary>
    internal virtual RunOptions Options => new()
    {
        SkipHooks = SkipHooks,
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
        var settings = Settings();
        return Run((sink, token) => OperationRunner.RunAsync(settings, operation, sink, token));
    }

    /// <summary>The accessories to remove that other destinations also use, one sentence each.</summary>
    internal IReadOnlyList<string> SharedAccessories(params IReadOnlyList<string> names)
    {
        var settings = Settings() with { RecordName = null };
        return Run((sink, token) => OtherDestinations.SharedAccessoriesAsync(settings, names, sink, token));
    }

    private RunSettings Settings() => new()
    {
        Session = Session,
        Secrets = Secrets,
        Request = Request,
        HostNames = HostName ?? [],
        Roles = Role ?? [],
        PrimaryOnly = Primary,
        MustMatch = Caller is not null,
        Options = Options,
        IsPreview = this.IsPreview(),
        IsInteractive = !Console.IsInputRedirected,
        Console = OperatorConsole,
        IsDebug = this.Switch("Debug") is true,
        ThrottleLimit = ThrottleLimit > 0 ? ThrottleLimit : null,
        AcceptNewHostKeys = AcceptNewHostKey,
        Account = Credential?.UserName,
        Password = Credential is null ? null : new(Credential.GetNetworkCredential().Password),
        RecordName = this.IsPreview() ? null : RecordName,
    };
}
