using System.Management.Automation;
using Kamal.Completion;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that take text from the pipeline as input, so that it names no host.</summary>
public abstract class KamalInputCmdlet : KamalTargetCmdlet
{
    /// <summary>The hosts to work on. Wildcards are supported. The default is all hosts.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [ArgumentCompleter(typeof(HostCompleter))]
    [SupportsWildcards]
    public override string[]? HostName { get; set; }

    /// <summary>Standard input for an interactive command. Strings are sent as lines, bytes and byte arrays unchanged.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }
}
