using System.Text;

namespace Kamal.Lab.Tests;

/// <summary>docs/failures.md, which is made of the faults, and those of them that a run seeds.</summary>
internal static class FaultTable
{
    private static readonly Place[] Rotation = [Place.First, Place.Later, Place.Worker];

    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("KAMAL_ALL_FAULTS") == "1";

    /// <summary>The file in this checkout.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(LabFixture.Tests, "..", "docs", "failures.md"));

    /// <summary>
    /// Each fault at one of its places, which take turns; with <c>KAMAL_ALL_FAULTS=1</c> at all of them. With <c>KAMAL_FAULT</c> only
    /// those whose title contains one of the texts in it, separated by <c>|</c>.
    /// </summary>
    public static IReadOnlyList<(Fault Fault, Place Place)> Seeded { get; } =
    [
        .. SeededFaults.All
            .SelectMany((fault, number) => (IsWhole ? fault.Places : [Turn(fault, number)]).Select(place => (fault, place)))
            .Where(seeded => (Environment.GetEnvironmentVariable("KAMAL_FAULT") ?? "").Split('|')
                .Any(word => seeded.fault.Title.Contains(word, StringComparison.OrdinalIgnoreCase))),
    ];

    /// <summary>The place whose turn it is, or else the fault's next one.</summary>
    public static Place Turn(Fault fault, int number) =>
        Enumerable.Range(number, Rotation.Length).Select(turn => Rotation[turn % Rotation.Length])
            .FirstOrDefault(fault.Places.Contains) ?? fault.Places[0];

    /// <summary>The file's text.</summary>
    public static string Render()
    {
        var text = new StringBuilder();
        text.Append($"""
            # Failures and their messages

            Each row is a fault that `tests/Kamal.Lab.Tests` seeds on three servers with real Docker engines and kamal-proxy, on which v1 of
            an app runs: two with the role web, the third with the role worker. It is seeded on the first server, on a later one while the
            first is well, and on the worker's, where it applies. The error has the cause in its first line, then what was found on the
            host, then what to do; all within six lines a host. The rows show the first of the places; `…` stands for what differs from
            run to run. [When a deploy fails](when-a-deploy-fails.md) has more.

            The faults are real, but for these: a registry that limits, denies or fails is the lab's registry behind a program that answers
            in Docker Hub's words, and a proxy that is too old is a container that has only its name.

            This file is made from the tests: `KAMAL_WRITE_DOCS=1 dotnet test tests/Kamal.Lab.Tests -c Release --filter
            {nameof(PromiseTests)}` writes it. `KAMAL_ALL_FAULTS=1` seeds each fault in all its places; without it they take turns.

            | Fault | Seeded on | Cause | The error begins with | Evidence | Next step |
            |---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var fault in SeededFaults.All)
        {
            var place = fault.Places[0];
            text.Append("| ").AppendJoin(
                " | ", fault.Title, string.Join(", ", fault.Places.Select(item => item.Name)), $"`{fault.Cause}`",
                Cell(fault.Begins(place)), Cell(place.Fill(fault.Evidence)), Cell(place.Fill(fault.Next))).Append(" |\n");
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('*', '…');
}
