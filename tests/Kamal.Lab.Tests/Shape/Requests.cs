namespace Kamal.Lab.Tests;

/// <summary>What clients that ask all the time must get while a scenario's command runs.</summary>
/// <param name="First">The version that answers first; null if nobody asks.</param>
/// <param name="Last">The version that answers in the end.</param>
/// <param name="MayFail">Whether requests may fail, as they do while a proxy is replaced.</param>
public sealed record Requests(string? First, string? Last, bool MayFail = false)
{
    /// <summary>Nobody asks.</summary>
    public static Requests None { get; } = new(null, null);

    /// <summary>One version answers them all.</summary>
    public static Requests AnsweredBy(string version) => new(version, version);

    /// <summary>All are answered, first by one version and then by the other.</summary>
    public static Requests Switched(string from, string to) => new(from, to);

    /// <summary>Some may fail; in the end this version answers.</summary>
    public static Requests Interrupted(string version) => new(version, version, MayFail: true);

    /// <summary>Fails unless it is so.</summary>
    internal void Check(LoadReport load, string front)
    {
        Assert.True(MayFail || load.Failed == 0, $"{load.Failed} of {load.Requests} requests failed: {load.Line}");
        Assert.True(load.By(First!) > 0, $"{First} answered nothing: {load.Line}");
        Assert.True(
            load.Answers.Keys.All(answer => answer.StartsWith(First + " ", StringComparison.Ordinal)
                || answer.StartsWith(Last + " ", StringComparison.Ordinal)),
            load.Line);
        Assert.StartsWith(Last + " ", front, StringComparison.Ordinal);
    }
}
