using System.Collections.Immutable;

namespace Kamal.Engine;

/// <summary>An error for the user: what went wrong, where, and what to do. Never contains a secret.</summary>
public sealed class KamalException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="innerException">The cause, if any.</param>
    public KamalException(KamalErrorId id, string message, Exception? innerException = null)
        : base(message, innerException) => Id = id;

    private KamalException(KamalException like, string message, Exception? innerException)
        : base(message, innerException)
    {
        Id = like.Id;
        HostName = like.HostName;
        HostNames = like.HostNames;
        Role = like.Role;
        Accessory = like.Accessory;
        Command = like.Command;
        ExitCode = like.ExitCode;
        Output = like.Output;
        Recommendation = like.Recommendation;
        Cause = like.Cause;
        Problems = like.Problems;
        Causes = like.Causes;
    }

    /// <summary>What kind of error it is.</summary>
    public KamalErrorId Id { get; }

    /// <summary>The host, or null for this machine.</summary>
    public string? HostName { get; init; }

    /// <summary>The hosts that have the same error, if it stands for several.</summary>
    public ImmutableArray<string> HostNames { get; init; } = [];

    /// <summary>The role it concerns, if any.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory it concerns, if any.</summary>
    public string? Accessory { get; init; }

    /// <summary>The failed command, redacted.</summary>
    public string? Command { get; init; }

    /// <summary>
    /// The failed command's exit code. For a user's command on several hosts, the code that all failures share; null if they differ.
    /// </summary>
    public int? ExitCode { get; init; }

    /// <summary>The failed command's output, redacted; only the last lines if it is long.</summary>
    public string? Output { get; init; }

    /// <summary>What the user can do about it.</summary>
    public string? Recommendation { get; init; }

    /// <summary>Why it failed, if that could be found out.</summary>
    public KamalCause? Cause { get; init; }

    /// <summary>The configuration's problems, if <see cref="Id"/> is <see cref="KamalErrorId.ConfigurationInvalid"/>.</summary>
    public ImmutableArray<Configuration.ConfigurationProblem> Problems { get; init; } = [];

    /// <summary>The errors that led to this one, such as those of several hosts.</summary>
    public ImmutableArray<KamalException> Causes { get; init; } = [];

    /// <summary>The same error with another message and further causes; this one is its inner exception.</summary>
    /// <param name="message">The message.</param>
    /// <param name="causes">The errors that led to it besides <see cref="Causes"/>.</param>
    public KamalException With(string message, IEnumerable<KamalException> causes) =>
        new(this, message, this) { Causes = [.. Causes.Union(causes)] };

    /// <summary>The same error with another message; this one is its inner exception.</summary>
    /// <param name="message">The message.</param>
    public KamalException With(string message) => new(this, message, this);

    /// <summary>The same error with another next step; this one is its inner exception.</summary>
    /// <param name="nextStep">The next step.</param>
    public KamalException WithNextStep(string nextStep) =>
        new(this, Message, this) { Recommendation = nextStep, Cause = Cause is null ? null : Cause with { NextStep = nextStep } };

    /// <summary>One error for several hosts that all have this error.</summary>
    /// <param name="message">The message.</param>
    /// <param name="same">Their errors.</param>
    public KamalException OfHosts(string message, IReadOnlyList<KamalException> same) => new(this, message, null)
    {
        HostName = null, HostNames = [.. same.Select(error => error.HostName).OfType<string>()], Causes = [.. same],
    };
}
