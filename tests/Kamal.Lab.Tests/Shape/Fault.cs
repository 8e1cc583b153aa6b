namespace Kamal.Lab.Tests;

/// <summary>
/// One fault that is seeded, and what the error must say. A text of the error may have <c>*</c> for what differs from run to run; all texts
/// have what <see cref="Place.Fill"/> knows.
/// </summary>
/// <param name="Title">What is wrong, as a row of docs/failures.md says it.</param>
/// <param name="Cause">The name of the cause.</param>
/// <param name="Says">The first line, after the host.</param>
/// <param name="Evidence">A line of evidence; none, if empty.</param>
/// <param name="Next">What to do next.</param>
public sealed record Fault(string Title, string Cause, string Says, string Evidence, string Next)
{
    /// <summary>Where it can be seeded.</summary>
    public IReadOnlyList<Place> Places { get; init; } = [Place.First, Place.Later, Place.Worker];

    /// <summary>The host that has the fault, as the error names it; none, if empty.</summary>
    public string Where { get; init; } = "{host}";

    /// <summary>The role, if the error names one.</summary>
    public string? Role { get; init; }

    /// <summary>The command, as PowerShell text.</summary>
    public string Command { get; init; } = "Invoke-KamalDeploy -SkipPush -Version v2";

    /// <summary>Changes deploy.yml: its text as it is, and as it is to be at a place.</summary>
    public Func<string, Place, string> Configure { get; init; } = (text, _) => text;

    /// <summary>A shell script that breaks something; <c>lab</c> is the lab's command.</summary>
    public string Break { get; init; } = "";

    /// <summary>A shell script that undoes it.</summary>
    public string Mend { get; init; } = "";

    /// <summary>How the first line of the error begins, the host included.</summary>
    public string Begins(Place place)
    {
        var where = place.Fill(Where);
        return where.Length == 0
            ? place.Fill(Says)
            : $"{(where.Contains(", ", StringComparison.Ordinal) ? "On " : "")}{where}{(Role is null ? "" : $" ({place.Fill(Role)})")}: "
                + place.Fill(Says);
    }
}
