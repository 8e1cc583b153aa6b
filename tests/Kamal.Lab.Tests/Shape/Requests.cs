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

    /// <summary>All are answered, first and in the end by one version, and by the other in between.</summary>
    public static Requests WentBack(string to, string from) => new(to, to) { Between = from };

    /// <summary>The version that answers for a while; null if none does.</summary>
    public string? Between { get; init; }

    /// <summary>What requests may fail with because the app itself answers so, such as <c>500</c>; null for nothing.</summary>
    public string? AppFailure { get; init; }

    /// <summary>Some may fail; in the end this version answers.</summary>
    public static Requests Interrupted(string version) => new(version, version, MayFail: true);

    /// <summary>Fails unless it is so.</summary>
    internal void Check(LoadReport load, string front)
    {
        Assert.True(
            MayFail || load.Failures.Keys.All(failure => AppFailure is { } own && failure.StartsWith(own, StringComparison.Ordinal)),
            $"{load.Failed} of {load.Requests} requests failed: {load.Line}");
        Assert.True(AppFailure is null || load.Failed > 0, $"no request failed: {load.Line}");
        Assert.True(Between is null || load.By(Between) > 0, $"{Between} answered nothing: {load.Line}");
        Assert.True(load.By(First!) > 0, $"{First} answered nothing: {load.Line}");
        Assert.True(
            load.Answers.Keys.All(answer => answer.StartsWith(First + " ", StringComparison.Ordinal)
                || answer.StartsWith(Last + " ", StringComparison.Ordinal)
                || (Between is { } between && answer.StartsWith(between + " ", StringComparison.Ordinal))),
            load.Line);
        Assert.StartsWith(Last + " ", front, StringComparison.Ordinal);
    }
}
