namespace Kamal.Engine.Output;

/// <summary>How a recorded run ended.</summary>
/// <param name="Duration">How long it took.</param>
/// <param name="Error">Why it failed, or null if it did not.</param>
public sealed record RunOutcome(TimeSpan Duration, Exception? Error)
{
    /// <summary>The kind of error, as scripts match it; null after success.</summary>
    public string? ErrorKind => Error switch
    {
        null => null,
        KamalException kamal => kamal.Id.ToString(),
        OperationCanceledException => nameof(KamalErrorId.Cancelled),
        _ => Error.GetType().Name,
    };
}
