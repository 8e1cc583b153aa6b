using System.Management.Automation;
using System.Reflection;
using Kamal.Completion;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that use a project's configuration and, usually, its hosts.</summary>
public abstract class KamalConfigCmdlet : KamalCmdlet
{
    /// <summary>The path of the configuration file, relative to the current location.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string ConfigFile { get; set; } = "config/deploy.yml";

    /// <summary>The destination. Its file is merged over the configuration file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>
    /// The version of the app. The default is the checked-out commit, or the running version for commands that work on running
    /// containers.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public virtual string? Version { get; set; }

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

    /// <summary>
    /// Reports commands in templates and config/deploy.ps1 instead of running them. Use it with Test-KamalConfig, Get-KamalConfig and
    /// -WhatIf to inspect a repository that you do not trust.
    /// </summary>
    [Parameter]
    public SwitchParameter NoTemplateCommand { get; set; }

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

    /// <summary>Whether to show only what would happen.</summary>
    internal bool IsPreview =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var bound)
            ? LanguagePrimitives.IsTrue(bound)
            : SupportsPreview && LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>The project directory: the current location, if it is in the file system.</summary>
    internal string ProjectDirectory => SessionState.Path.CurrentFileSystemLocation.ProviderPath;

    /// <summary>The configuration to load.</summary>
    internal virtual ConfigurationRequest Request => new()
    {
        ProjectDirectory = ProjectDirectory,
        ConfigFile = ConfigFile,
        Destination = Destination,
        Version = Version,
        RunsCommands = !NoTemplateCommand,
    };

    /// <summary>The settings of the run.</summary>
    internal virtual RunOptions Options => new()
    {
        SkipHooks = SkipHooks,
        Command = Caller?.Command ?? CommandName,
        HookOutput = HookOutput(),
    };

    /// <summary>The operator's end of interactive commands, or null for cmdlets without them.</summary>
    internal virtual IInteractiveConsole? OperatorConsole => null;

    /// <summary>Asks for confirmation, unless this is a preview.</summary>
    /// <param name="target">The target.</param>
    /// <param name="action">The action.</param>
    internal bool Confirmed(string target, string action) => IsPreview || ShouldProcess(target, action);

    /// <summary>Runs an operation, or previews it.</summary>
    /// <param name="operation">The operation, whose results are written as they arrive.</param>
    internal TResult Invoke<TResult>(IOperation<TResult> operation)
    {
        var settings = Settings();
        return Run((sink, token) => RunContext.RunAsync(settings, operation, sink, token));
    }

    /// <summary>Runs a read-only operation before the cmdlet's own. It is not recorded.</summary>
    /// <param name="operation">Creates the operation.</param>
    internal TResult Look<TResult>(Func<IRunSink, CancellationToken, Task<IOperation<TResult>>> operation)
    {
        var settings = Settings() with { RecordName = null };
        return Run(async (sink, token) => await RunContext.RunAsync(settings, await operation(sink, token).ConfigureAwait(false), sink, token).ConfigureAwait(false));
    }

    /// <summary>The accessories to be removed that other destinations use, a sentence for each.</summary>
    internal IReadOnlyList<string> SharedAccessories(params IReadOnlyList<string> names)
    {
        var request = Request;
        return Look<IReadOnlyList<string>>(async (sink, token) =>
            new SharedAccessoriesOperation(names, await OtherDestinations.LoadAsync(request, sink, token).ConfigureAwait(false)));
    }

    private bool SupportsPreview => GetType().GetCustomAttribute<CmdletAttribute>()?.SupportsShouldProcess == true;

    private HookOutput HookOutput() =>
        Caller is { IsQuiet: true } ? Engine.Configuration.HookOutput.Quiet
        : MyInvocation.BoundParameters.TryGetValue("Verbose", out var verbose) && LanguagePrimitives.IsTrue(verbose) ? Engine.Configuration.HookOutput.Verbose
        : Engine.Configuration.HookOutput.Default;

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
        IsPreview = IsPreview,
        IsInteractive = !Console.IsInputRedirected,
        Console = OperatorConsole,
        IsDebug = MyInvocation.BoundParameters.TryGetValue("Debug", out var debug) && LanguagePrimitives.IsTrue(debug),
        ThrottleLimit = ThrottleLimit > 0 ? ThrottleLimit : null,
        AcceptNewHostKeys = AcceptNewHostKey,
        Account = Credential?.UserName,
        Password = Credential is null ? null : new(Credential.GetNetworkCredential().Password),
        RecordName = IsPreview ? null : RecordName,
    };
}
