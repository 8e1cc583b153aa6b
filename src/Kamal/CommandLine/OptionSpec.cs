namespace Kamal.CommandLine;

/// <summary>An option of Kamal's command line and the cmdlet parameter that means the same.</summary>
/// <param name="Name">Its long name without dashes, as <c>skip-push</c>.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Parameter">The parameter's name.</param>
internal sealed record OptionSpec(string Name, OptionKind Kind, string Parameter)
{
    /// <summary>Its one letter, if it has one. Case counts: <c>-p</c> is not <c>-P</c>.</summary>
    public char? Letter { get; init; }

    /// <summary>What it does, for the help.</summary>
    public string Help { get; init; } = "";

    /// <summary>Whether the parameter means the opposite, as <c>--skip-timestamps</c> and <c>-Timestamps</c>.</summary>
    public bool Inverted { get; init; }
}
