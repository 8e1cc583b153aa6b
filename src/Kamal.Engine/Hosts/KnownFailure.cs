namespace Kamal.Engine.Hosts;

/// <summary>A failure of a step that its command's own words tell apart from others.</summary>
/// <param name="Text">A part of what the command says then; case does not count.</param>
/// <param name="Error">The error that it is.</param>
/// <param name="Message">What to say; the command's output follows.</param>
/// <param name="Recommendation">What the user can do.</param>
public sealed record KnownFailure(string Text, KamalErrorId Error, string Message, string? Recommendation)
{
    /// <summary>Whether the message ends with the command's exit code.</summary>
    public bool TellsExitCode { get; init; }
}
