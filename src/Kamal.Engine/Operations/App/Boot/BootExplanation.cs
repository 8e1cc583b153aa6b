using System.Text;
using Kamal.Engine.Causes;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Adds to the error of a failed boot what explains it: the cause with its evidence, or else the container's last lines.</summary>
internal static class BootExplanation
{
    private const int LongestLine = 300;

    /// <summary>The script's result, with its failure explained if the script examined the container.</summary>
    /// <param name="result">What the script did.</param>
    /// <param name="role">The role.</param>
    /// <param name="context">The operation's context, with the version.</param>
    public static ScriptResult Explain(ScriptResult result, RoleConfiguration role, KamalContext context)
    {
        if (result.Failure is not { } failure || ContainerProbe.Read(result, context.Redact) is not { } evidence) return result;
        var cause = failure.Cause ?? (failure.Id == KamalErrorId.ContainerUnhealthy ? Cause(result, evidence, role, context) : null);
        var log = string.Join('\n', evidence.Log);
        return result with
        {
            Failure = new(failure.Id, cause is null ? WithLog(failure, evidence, log) : WithEvidence(failure, cause), failure)
            {
                HostName = failure.HostName,
                Role = failure.Role,
                Command = failure.Command,
                ExitCode = failure.ExitCode,
                Output = log.Length > 0 ? log : failure.Output,
                Recommendation = cause?.NextStep ?? failure.Recommendation,
                Cause = cause,
            },
        };
    }

    private static KamalCause? Cause(ScriptResult result, ContainerEvidence evidence, RoleConfiguration role, KamalContext context)
    {
        var id = result.Captured(BootScript.NewContainer);
        var expected = ContainerExpectation.Of(context.Configuration, role, result.HostName, id[..Math.Min(BootScript.ShortId, id.Length)]);
        return ContainerCauses.Find(evidence, expected) is not { } cause
            ? null
            : cause with { Message = Shorten(cause.Message), Evidence = [.. cause.Evidence.Select(Shorten)] };
    }

    private static string WithEvidence(KamalException failure, KamalCause cause) =>
        // A cause that the failed command's output shows is in the message already.
        failure.Cause is not null
            ? failure.Message
            : string.Join('\n', cause.Evidence.Prepend($"{failure.HostName} ({failure.Role}): {cause.Message}."));

    private static string WithLog(KamalException failure, ContainerEvidence evidence, string log)
    {
        var text = new StringBuilder(failure.Message);
        if (evidence.HealthCheck is { } check) text.Append("\nIts last health check: ").Append(check);
        return text.Append(log.Length > 0 ? "\nThe container's last lines:\n" + log : "\nThe container wrote nothing to its log.")
            .ToString();
    }

    private static string Shorten(string text) => text.Length <= LongestLine ? text : text[..LongestLine] + "…";
}
