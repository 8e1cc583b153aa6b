using Kamal.Engine.Results;

namespace Kamal.Feedback;

/// <summary>The deploy that ended last in this process, until its way back has been offered.</summary>
/// <param name="Version">The version that serves.</param>
/// <param name="Previous">The version that served before.</param>
/// <param name="Destination">The destination, or null.</param>
internal sealed record LastDeploy(string Version, string Previous, string? Destination)
{
    private static LastDeploy? _last;

    /// <summary>Remembers a result, if it is that of a deploy which replaced another version.</summary>
    public static void Note(object result, string? destination)
    {
        if (result is not KamalDeployResult { Outcome: HostOutcome.Succeeded, PreviousVersion: { Length: > 0 } previous } deploy) return;
        if (previous != deploy.Version) _last = new(deploy.Version, previous, destination);
    }

    /// <summary>Takes the deploy, so that it is offered once.</summary>
    public static LastDeploy? Take() => Interlocked.Exchange(ref _last, null);

    /// <summary>The command that goes back, in the form in which the user wrote the deploy.</summary>
    /// <param name="asKamal">Whether the user wrote a <c>kamal</c> line.</param>
    /// <returns>The command, or null if a name in it would have to be quoted.</returns>
    public string? WayBack(bool asKamal)
    {
        if (!IsPlain(Previous) || (Destination is { } name && !IsPlain(name))) return null;
        return asKamal
            ? $"kamal rollback {Previous}{(Destination is null ? "" : $" -d {Destination}")}"
            : $"Invoke-KamalRollback {Previous}{(Destination is null ? "" : $" -Destination {Destination}")}";
    }

    private static bool IsPlain(string text) => char.IsAsciiLetterOrDigit(text[0])
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
}
