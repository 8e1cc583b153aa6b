using System.Management.Automation;
using Kamal.Completion;
using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>Lists the session's open SSH connections. Does not connect to any host.</summary>
[Cmdlet(VerbsCommon.Get, "KamalConnection")]
[OutputType(typeof(KamalConnection))]
public sealed class GetKamalConnectionCommand : KamalCmdlet
{
    /// <summary>The names of the hosts. Wildcards are supported. The default is all hosts.</summary>
    [Parameter(Position = 0)]
    [Alias("Host", "ComputerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public string[] HostName { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var patterns = HostName.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToList();
        WriteObject(Session.Pool.Connections.Where(connection => patterns.Any(pattern => pattern.IsMatch(connection.HostName))).Select(Guard.Result), enumerateCollection: true);
    }
}

/// <summary>Closes the session's open SSH connections. The next command connects again.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "KamalConnection", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DisconnectKamalConnectionCommand : KamalCmdlet
{
    /// <summary>The names of the hosts. Wildcards are supported. The default is all hosts.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public string[] HostName { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var patterns = HostName.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToList();
        bool IsNamed(KamalConnection connection) => patterns.Any(pattern => pattern.IsMatch(connection.HostName));
        var chosen = Session.Pool.Connections.Where(IsNamed).Where(connection => ShouldProcess(connection.HostName, $"Close the connection to {connection.Target}")).ToList();
        var names = chosen.Select(connection => (connection.HostName, connection.Target)).ToHashSet();
        if (names.Count > 0) Run((_, _) => Session.Pool.CloseAsync(connection => names.Contains((connection.HostName, connection.Target))));
    }
}
