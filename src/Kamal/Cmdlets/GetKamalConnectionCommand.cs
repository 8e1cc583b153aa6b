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
