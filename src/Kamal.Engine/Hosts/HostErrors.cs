using System.Globalization;
using System.Net.Sockets;

namespace Kamal.Engine.Hosts;

/// <summary>Turns any exception on one host into that host's error, so that the other hosts' results are not lost.</summary>
internal static class HostErrors
{
    private const int NamesInFull = 4;
    private const int NamesBeforeMore = 2;
    private const int FoldedEvidence = 3;

    /// <summary>The error of a host.</summary>
    public static KamalException Wrap(string hostName, Exception error) => error switch
    {
        KamalException known => known,
        OperationCanceledException or TimeoutException =>
            new(KamalErrorId.TimedOut, $"{hostName}: the host did not respond in time.", error)
            {
                HostName = hostName,
                Cause = new(CauseName.HostSilent, "the host does not answer"),
            },
        IOException or SocketException =>
            new(KamalErrorId.ConnectionFailed, $"{hostName}: the connection broke: {error.Message}", error)
            {
                HostName = hostName,
                Cause = Lost(null, null),
            },
        _ => new(KamalErrorId.Internal, $"{hostName}: internal error in the Kamal module: {error.GetType().Name}: {error.Message}", error)
        {
            HostName = hostName,
            Recommendation = "Report it with the output of Get-Error.",
        },
    };

    /// <summary>Host names for a message: the first ones, and how many more there are.</summary>
    public static string Names(IReadOnlyList<string> hosts) => hosts.Count <= NamesInFull
        ? string.Join(", ", hosts)
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", hosts.Take(NamesBeforeMore))} and {hosts.Count - NamesBeforeMore} more");

    /// <summary>The errors, with those that have the same cause folded into one that names their hosts.</summary>
    public static IEnumerable<KamalException> Fold(IEnumerable<KamalException> errors) =>
        errors.GroupBy(error =>
                error.Cause is { } cause ? (error.Id, error.Role, error.Accessory, cause.Name, cause.Message) : (object)error)
            .Select(group => group.ToList()).Select(same => same.Count == 1 ? same[0] : Folded(same));

    private static KamalException Folded(List<KamalException> same)
    {
        var (first, cause) = (same[0], same[0].Cause!);
        var where = (first.Role ?? first.Accessory) is { } part ? $" ({part})" : "";
        var hosts = same.Select(error => error.HostName).OfType<string>().ToList();
        return first.OfHosts(
            string.Join('\n', cause.Evidence.Take(FoldedEvidence).Prepend($"On {Names(hosts)}{where}: {cause.Message}.")), same);
    }

    /// <summary>Why a connection that stood is gone.</summary>
    /// <param name="silence">How long the host had not answered; null if the connection was closed.</param>
    /// <param name="step">What ran meanwhile.</param>
    public static KamalCause Lost(TimeSpan? silence, string? step) => silence is null
        ? new(CauseName.ConnectionLost, "the connection to the host broke")
        {
            Evidence = step is null ? [] : [$"last step: {step}"],
            NextStep = "Check the host and the network, then run the command again.",
        }
        : new(CauseName.HostSilent, "the host does not answer")
        {
            Evidence =
            [
                string.Create(CultureInfo.InvariantCulture, $"no answer for {silence.Value.TotalSeconds:0.#} s; last step: {step}"),
            ],
            NextStep = "Check that the host is up, and the network, then run the command again.",
        };

    /// <summary>Whether an exception is one host's error, and not the end of the run.</summary>
    /// <param name="run">The run's token.</param>
    public static bool IsHosts(Exception error, CancellationToken run) =>
        error is not OperationCanceledException || !run.IsCancellationRequested;
}
