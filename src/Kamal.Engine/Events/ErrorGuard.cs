using Kamal.Engine.Configuration;

namespace Kamal.Engine.Events;

/// <summary>Makes errors safe to show, with their output, causes and inner exceptions.</summary>
/// <param name="lines">Cleans multi-line text.</param>
/// <param name="line">Cleans a single line.</param>
internal sealed class ErrorGuard(Func<string, string> lines, Func<string, string> line)
{
    /// <summary>The prefix of a local program's lines inside an error.</summary>
    private const string LocalPrefix = "| ";

    /// <summary>The error itself if it is safe to show, otherwise a cleaned copy.</summary>
    public KamalException Guard(KamalException error)
    {
        var message = Message(error);
        var inner = Guard(error.InnerException);
        var copy = new KamalException(error.Id, message, inner)
        {
            HostName = Field(error.HostName),
            HostNames = [.. error.HostNames.Select(line)],
            Role = Field(error.Role),
            Accessory = Field(error.Accessory),
            Command = error.Command is null ? null : lines(error.Command),
            ExitCode = error.ExitCode,
            Output = error.Output is null ? null : lines(error.Output),
            Recommendation = error.Recommendation is null ? null : lines(error.Recommendation),
            Cause = error.Cause is null ? null : Guard(error.Cause, line),
            Problems = [.. error.Problems.Select(Guard)],
            Causes = [.. error.Causes.Select(Guard)],
        };
        return IsSame(error, copy) ? error : copy;
    }

    private static bool IsSame(KamalException error, KamalException copy) =>
        error.Message == copy.Message && ReferenceEquals(error.InnerException, copy.InnerException)
        && (error.HostName, error.Role, error.Accessory, error.Command, error.Output, error.Recommendation)
            == (copy.HostName, copy.Role, copy.Accessory, copy.Command, copy.Output, copy.Recommendation)
        && ReferenceEquals(error.Cause, copy.Cause)
        && error.HostNames.SequenceEqual(copy.HostNames)
        && error.Problems.SequenceEqual(copy.Problems)
        && error.Causes.Zip(copy.Causes).All(pair => ReferenceEquals(pair.First, pair.Second));

    /// <summary>
    /// Prefixes every line but the first with the name of the host, if it is only one, except the list of a configuration's problems.
    /// </summary>
    private string Message(KamalException error)
    {
        if (!error.Problems.IsEmpty) return lines(error.Message);
        return SafeText.Indent(lines(error.Message), error.HostName is { } host && !IsOfOthers(error) ? $"[{line(host)}] " : LocalPrefix);
    }

    /// <summary>Whether it holds the errors of other hosts than the one it names.</summary>
    private static bool IsOfOthers(KamalException error) =>
        error.Causes.Any(cause => (cause.HostName is { } host && host != error.HostName) || IsOfOthers(cause));

    /// <summary>A cause, whose evidence comes from a host; the same instance if it is safe to show.</summary>
    /// <param name="cause">The cause.</param>
    /// <param name="line">Cleans a single line.</param>
    public static KamalCause Guard(KamalCause cause, Func<string, string> line)
    {
        var clean = cause with
        {
            Message = line(cause.Message),
            Evidence = [.. cause.Evidence.Select(line)],
            NextStep = cause.NextStep is null ? null : line(cause.NextStep),
        };
        return clean with { Evidence = cause.Evidence } == cause && clean.Evidence.SequenceEqual(cause.Evidence) ? cause : clean;
    }

    /// <summary>A configuration problem, which may quote the file.</summary>
    public ConfigurationProblem Guard(ConfigurationProblem problem) => problem with
    {
        Path = line(problem.Path),
        Message = line(problem.Message),
        File = line(problem.File),
        Suggestion = Field(problem.Suggestion),
    };

    /// <summary>An inner exception, replaced by a <see cref="ShownException"/> if its text is not safe to show.</summary>
    private Exception? Guard(Exception? exception) => exception switch
    {
        null => null,
        KamalException known => Guard(known),
        _ when exception.ToString().ReplaceLineEndings("\n") is var text && lines(text) == text
            && !exception.Message.Contains('\n', StringComparison.Ordinal) => exception,
        _ => new ShownException($"{exception.GetType().Name}: {line(exception.Message)}", Guard(exception.InnerException)),
    };

    private string? Field(string? text) => text is null ? null : line(text);
}

/// <summary>Replaces an exception whose text held a secret or control characters.</summary>
public sealed class ShownException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">The type and the clean text of the original exception.</param>
    /// <param name="innerException">The original inner exception, cleaned.</param>
    public ShownException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
