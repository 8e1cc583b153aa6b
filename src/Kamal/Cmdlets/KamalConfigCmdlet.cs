using System.Management.Automation;
using System.Reflection;
using Kamal.Completion;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Sessions;

namespace Kamal.Cmdlets;

/// <summary>A cmdlet that works with a project's configuration, and mostly with its hosts.</summary>
public abstract class KamalConfigCmdlet : KamalCmdlet
{
    /// <summary>The configuration file, relative to the current location.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string ConfigFile { get; set; } = "config/deploy.yml";

    /// <summary>The destination, whose file is merged over the configuration file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>The version of the app; by default the checked-out commit, or where a command works with what runs, the running version.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public virtual string? Version { get; set; }

    /// <summary>The hosts to work on, instead of all; <c>*</c> is a wildcard.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [ArgumentCompleter(typeof(HostCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? HostName { get; set; }

    /// <summary>The roles to work on, instead of all; <c>*</c> is a wildcard.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RoleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Role { get; set; }

    /// <summary>Only the primary host.</summary>
    [Parameter]
    public SwitchParameter Primary { get; set; }

    /// <summary>Hooks are not run.</summary>
    [Parameter]
    public SwitchParameter SkipHooks { get; set; }

    /// <summary>
    /// Commands in templates and config/deploy.ps1 are not run but reported, for a look at a repository that is not trusted: with
    /// Test-KamalConfig, Get-KamalConfig and -WhatIf.
    /// </summary>
    [Parameter]
    public SwitchParameter NoTemplateCommand { get; set; }

    /// <summary>How many hosts work at once; all, if not said.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <summary>Unknown host keys are trusted and remembered instead of refused or asked about. Changed keys are refused all the same.</summary>
    [Parameter]
    public SwitchParameter AcceptNewHostKey { get; set; }

    /// <summary>
    /// The account to log in to the hosts with, and its password, for servers that take no keys. A host that names another account itself keeps it
    /// and does not get the password; neither do jump hosts.
    /// </summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Kamal's name of the command, which hooks see.</summary>
    internal virtual string CommandName => "";

    /// <summary>What a record of its runs is called; null if it has none.</summary>
    internal virtual string? RecordName => null;

    /// <summary>Whether only what would happen is shown.</summary>
    internal bool IsPreview =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var bound)
            ? LanguagePrimitives.IsTrue(bound)
            : SupportsPreview && LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>The project's directory: the current location, if it is one of the file system.</summary>
    internal string ProjectDirectory => SessionState.Path.CurrentFileSystemLocation.ProviderPath;

    /// <summary>Which configuration to load.</summary>
    internal virtual ConfigurationRequest Request => new()
    {
        ProjectDirectory = ProjectDirectory,
        ConfigFile = ConfigFile,
        Destination = Destination,
        Version = Version,
        RunsCommands = !NoTemplateCommand,
    };

    /// <summary>How the run goes about its work.</summary>
    internal virtual RunOptions Options => new()
    {
        SkipHooks = SkipHooks,
        Command = Caller?.Command ?? CommandName,
        HookOutput = HookOutput(),
    };

    /// <summary>The operator's end of interactive commands; null for cmdlets that have none.</summary>
    internal virtual IInteractiveConsole? OperatorConsole => null;

    /// <summary>Asks whether to go on, unless it is a preview.</summary>
    /// <param name="target">What it is done to.</param>
    /// <param name="action">What is done.</param>
    internal bool Confirmed(string target, string action) => IsPreview || ShouldProcess(target, action);

    /// <summary>Runs an operation, or previews it.</summary>
    /// <param name="operation">The operation; its results were written when they came.</param>
    internal TResult Invoke<TResult>(IOperation<TResult> operation)
    {
        var settings = Settings();
        return Run((sink, token) => RunContext.RunAsync(settings, operation, sink, token));
    }

    /// <summary>Runs an operation that only looks, before the cmdlet's own: no record is made of it.</summary>
    /// <param name="operation">Makes the operation.</param>
    internal TResult Look<TResult>(Func<IRunSink, CancellationToken, Task<IOperation<TResult>>> operation)
    {
        var settings = Settings() with { RecordName = null };
        return Run(async (sink, token) => await RunContext.RunAsync(settings, await operation(sink, token).ConfigureAwait(false), sink, token).ConfigureAwait(false));
    }

    /// <summary>Which of accessories that are to be removed other destinations use, a sentence each.</summary>
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
