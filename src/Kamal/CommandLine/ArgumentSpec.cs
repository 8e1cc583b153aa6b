namespace Kamal.CommandLine;

/// <summary>A word, or all remaining words, of a command.</summary>
/// <param name="Name">Its name in the help, as <c>VERSION</c>.</param>
/// <param name="Parameter">The cmdlet parameter it goes to.</param>
internal sealed record ArgumentSpec(string Name, string Parameter)
{
    /// <summary>Whether the command works without it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether it takes all remaining words.</summary>
    public bool TakesRest { get; init; }
}
