using System.Text.Json;

namespace Kamal.Lab.Tests;

/// <summary>The line that the load loop prints at its end.</summary>
public sealed record LoadReport(int Requests, int Failed, IReadOnlyDictionary<string, int> Answers, string Line)
{
    /// <summary>Waits for the loop and reads its line.</summary>
    public static async Task<LoadReport> FromAsync(RunningCommand load)
    {
        var result = await load.EndAsync();
        using var json = JsonDocument.Parse(result.Lines[^1]);
        var root = json.RootElement;
        return new LoadReport(
            root.GetProperty("requests").GetInt32(),
            root.GetProperty("failed").GetInt32(),
            root.GetProperty("answers").EnumerateObject().ToDictionary(answer => answer.Name, answer => answer.Value.GetInt32()),
            result.Lines[^1])
        {
            Failures = root.GetProperty("failures").EnumerateObject()
                .ToDictionary(failure => failure.Name, failure => failure.Value.GetInt32()),
        };
    }

    /// <summary>How many requests failed, by what they failed with: a status, or an error of the connection.</summary>
    public IReadOnlyDictionary<string, int> Failures { get; init; } = new Dictionary<string, int>();

    /// <summary>How many answers came from a version of the app.</summary>
    public int By(string version) =>
        Answers.Where(answer => answer.Key.StartsWith(version + " ", StringComparison.Ordinal)).Sum(answer => answer.Value);

    /// <summary>Fails unless every request was answered.</summary>
    public LoadReport AllAnswered()
    {
        Assert.True(Failed == 0, Line);
        return this;
    }
}
