using System.Collections.Immutable;

namespace Kamal.Engine.Operations;

/// <summary>Brings the image to the selected hosts: they pull it from the registry, or get it from this machine.</summary>
internal static class Delivery
{
    /// <summary>Delivers, and then goes on under the deploy lock, which the delivery's round trip takes on the primary host.</summary>
    /// <param name="context">The context, with the version.</param>
    /// <param name="checks">Whether the round trip begins with the preflight.</param>
    /// <param name="phases">What follows.</param>
    public static ImmutableArray<Phase> ThenUnderLock(KamalContext context, bool checks, params ImmutableArray<Phase> phases) =>
        UnderLock.TakenBy(context, taken => Of(context, taken, checks), phases);

    /// <summary>Delivers.</summary>
    /// <param name="context">The context, with the version.</param>
    /// <param name="takes">A lock to take at the end of the same round trip, or null.</param>
    /// <param name="checks">Whether the round trip begins with the preflight.</param>
    /// <param name="produces">Whether each host's result is one of the operation's.</param>
    /// <param name="othersPull">Whether later phases pull other images of the registry, such as those of accessories.</param>
    public static Phase Of(
        KamalContext context, DeployLock? takes = null, bool checks = false, bool produces = false, bool othersPull = false) =>
        context.Configuration.IsTransferredDirectly
            ? Transfer.Of(context, takes, checks) with { Produces = produces }
            : Pull.Of(context, takes, checks, othersPull) with { Produces = produces };
}
