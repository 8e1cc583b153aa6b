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
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public string[] HostName { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject(Session.ConnectionsTo(HostName).Select(Guard.Result), enumerateCollection: true);
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
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public string[] HostName { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var chosen = Session.ConnectionsTo(HostName)
            .Where(connection => ShouldProcess(connection.HostName, $"Close the connection to {connection.Target}"))
            .Select(connection => (connection.HostName, connection.Target)).ToHashSet();
        bool IsChosen(KamalConnection connection) => chosen.Contains((connection.HostName, connection.Target));
        if (chosen.Count > 0) Run((_, _) => Session.Pool.CloseAsync(IsChosen));
    }
}
