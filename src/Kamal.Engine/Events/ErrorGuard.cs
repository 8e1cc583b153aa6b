using Kamal.Engine.Configuration;

namespace Kamal.Engine.Events;

/// <summary>Makes errors fit to be shown, with all that hangs on them: output, causes, inner exceptions.</summary>
/// <param name="lines">Cleans text of several lines.</param>
/// <param name="line">Cleans a field.</param>
internal sealed class ErrorGuard(Func<string, string> lines, Func<string, string> line)
{
    /// <summary>Stands before lines of this machine's programs inside an error.</summary>
    private const string LocalPrefix = "| ";

    /// <summary>The error, or a copy without what must not be shown.</summary>
    /// <param name="error">The error.</param>
    public KamalException Guard(KamalException error)
    {
        var message = Message(error);
        var inner = Guard(error.InnerException);
        var copy = new KamalException(error.Id, message, inner)
        {
            HostName = Field(error.HostName),
            Role = Field(error.Role),
            Accessory = Field(error.Accessory),
            Command = error.Command is null ? null : lines(error.Command),
            ExitCode = error.ExitCode,
            Output = error.Output is null ? null : lines(error.Output),
            Recommendation = error.Recommendation is null ? null : lines(error.Recommendation),
            Problems = [.. error.Problems.Select(Guard)],
            Causes = [.. error.Causes.Select(Guard)],
        };
        return IsSame(error, copy) ? error : copy;
    }

    private static bool IsSame(KamalException error, KamalException copy) =>
        error.Message == copy.Message && ReferenceEquals(error.InnerException, copy.InnerException)
        && (error.HostName, error.Role, error.Accessory, error.Command, error.Output, error.Recommendation)
            == (copy.HostName, copy.Role, copy.Accessory, copy.Command, copy.Output, copy.Recommendation)
        && error.Problems.SequenceEqual(copy.Problems)
        && error.Causes.Zip(copy.Causes).All(pair => ReferenceEquals(pair.First, pair.Second));

    /// <summary>Every line but the first carries the host's name. The list of a configuration's problems is in lines of our own.</summary>
    private string Message(KamalException error)
    {
        if (!error.Problems.IsEmpty) return lines(error.Message);
        return SafeText.Indent(lines(error.Message), error.HostName is { } host ? $"[{line(host)}] " : LocalPrefix);
    }

    /// <summary>A problem of a configuration, which quotes the file.</summary>
    /// <param name="problem">The problem.</param>
    public ConfigurationProblem Guard(ConfigurationProblem problem) => problem with
    {
        Path = line(problem.Path),
        Message = line(problem.Message),
        File = line(problem.File),
        Suggestion = Field(problem.Suggestion),
    };

    /// <summary>The exception behind an error; one whose text is not fit to be shown is replaced by its kind and what of the text is.</summary>
    private Exception? Guard(Exception? exception) => exception switch
    {
        null => null,
        KamalException known => Guard(known),
        _ when exception.ToString() is var text && lines(text) == text && !exception.Message.Contains('\n', StringComparison.Ordinal) => exception,
        _ => new ShownException($"{exception.GetType().Name}: {line(exception.Message)}", Guard(exception.InnerException)),
    };

    private string? Field(string? text) => text is null ? null : line(text);
}

/// <summary>Stands for an exception whose own text held a secret or control characters.</summary>
public sealed class ShownException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">The other exception's kind and clean text.</param>
    /// <param name="innerException">What stood behind it, clean.</param>
    public ShownException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
