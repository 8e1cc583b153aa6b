using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>How the app is on its hosts.</summary>
public static class StatusOperations
{
    /// <summary>
    /// One record for each role and host, in one round trip a host. A host that does not answer is a record with its problem.
    /// </summary>
    /// <param name="every">
    /// Asks again and again, with this pause, until the run is stopped. After each round comes a <see cref="RoundCompleted"/>. Null to ask
    /// once.
    /// </param>
    public static Operation<IReadOnlyList<KamalStatus>> Status(TimeSpan? every = null) =>
        Operation.Of<KamalStatus>(context => Plan.Of(new StatusPhase(context, every)));
}
