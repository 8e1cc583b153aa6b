using System.Management.Automation;

namespace Kamal.Tests.Support;

/// <summary>The result of a script.</summary>
internal sealed record TestRun(IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> HostLines)
{
    public IReadOnlyList<string> Verbose { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyList<string> Debug { get; init; } = [];

    public IReadOnlyList<string> Information { get; init; } = [];

    public IReadOnlyList<ProgressRecord> Progress { get; init; } = [];

    public bool Terminated { get; init; }

    /// <summary>The error ID, without the cmdlet after the comma.</summary>
    public string ErrorId => Errors[^1].FullyQualifiedErrorId.Split(',')[0];

    public IEnumerable<T> Results<T>() => Output.Select(item => item.BaseObject).OfType<T>();

    /// <summary>The commands that a preview shows with -Verbose.</summary>
    public IEnumerable<string> Previewed => Verbose.Where(line => line.StartsWith('['));

    /// <summary>What PowerShell says of each thing that it previews.</summary>
    public IEnumerable<string> WhatIf => HostLines.Where(line => line.StartsWith("What if: ", StringComparison.Ordinal));
}
