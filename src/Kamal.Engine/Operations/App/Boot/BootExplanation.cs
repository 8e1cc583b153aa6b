using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Kamal.Engine.Causes;
using Kamal.Engine.Commands;
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
        var cause = Holder(result, failure, role, context) ?? failure.Cause
            ?? (failure.Id == KamalErrorId.ContainerUnhealthy ? Cause(result, evidence, role, context) : null);
        return With(result, failure, evidence, cause);
    }

    /// <summary>The script's result with a failure that says what the container showed.</summary>
    public static ScriptResult With(ScriptResult result, KamalException failure, ContainerEvidence evidence, KamalCause? cause)
    {
        var log = string.Join('\n', evidence.Log);
        return result with
        {
            Failure = new(failure.Id, cause is null ? WithLog(failure, evidence, log) : WithEvidence(failure, cause), failure)
            {
                HostName = failure.HostName,
                Role = failure.Role,
                Accessory = failure.Accessory,
                Command = failure.Command,
                ExitCode = failure.ExitCode,
                Output = log.Length > 0 ? log : failure.Output,
                Recommendation = cause?.NextStep ?? failure.Recommendation,
                Cause = cause,
            },
        };
    }

    /// <summary>The same cause with bounded lines, as text of the app may be of any length.</summary>
    [return: NotNullIfNotNull(nameof(cause))]
    public static KamalCause? Shorten(KamalCause? cause) =>
        cause is null ? null : cause with { Message = Shorten(cause.Message), Evidence = [.. cause.Evidence.Select(Shorten)] };

    /// <summary>Which service has the role's host names and path, if the proxy refused them.</summary>
    private static KamalCause? Holder(ScriptResult result, KamalException failure, RoleConfiguration role, KamalContext context)
    {
        if (failure.Cause is not { Name: CauseName.ProxyHostConflict } conflict || role.Proxy is not { } proxy) return null;
        var own = new AppCommands(context.Configuration, role).ContainerPrefix;
        ImmutableArray<string> domains = proxy.Hosts.IsEmpty ? ["*"] : proxy.Hosts;
        ImmutableArray<string> paths = proxy.PathPrefixes.IsEmpty ? ["/"] : proxy.PathPrefixes;
        return RoleState.Services(result).FirstOrDefault(service => service.Service != own && service.Domains.Any(domains.Contains)
            && service.Paths.Any(paths.Contains)) is { } holder
            ? conflict with
            {
                Message = $"the service {holder.Service} on this host has "
                    + $"{string.Join(", ", holder.Domains.Where(domains.Contains))} at the proxy",
            }
            : null;
    }

    private static KamalCause? Cause(ScriptResult result, ContainerEvidence evidence, RoleConfiguration role, KamalContext context)
    {
        var id = result.Captured(BootScript.NewContainer);
        var expected = ContainerExpectation.Of(context.Configuration, role, result.HostName, id[..Math.Min(BootScript.ShortId, id.Length)]);
        return Shorten(ContainerCauses.Find(evidence, expected));
    }

    private static string WithEvidence(KamalException failure, KamalCause cause) =>
        // A cause that the failed command's output shows is in the message already.
        failure.Cause?.Message == cause.Message
            ? failure.Message
            : string.Join('\n', cause.Evidence.Prepend($"{failure.HostName} ({failure.Role ?? failure.Accessory}): {cause.Message}."));

    private static string WithLog(KamalException failure, ContainerEvidence evidence, string log)
    {
        var text = new StringBuilder(failure.Message);
        if (evidence.HealthCheck is { } check) text.Append("\nIts last health check: ").Append(check);
        return text.Append(log.Length > 0 ? "\nThe container's last lines:\n" + log : "\nThe container wrote nothing to its log.")
            .ToString();
    }

    private static string Shorten(string text) => text.Length <= LongestLine ? text : text[..LongestLine] + "…";
}
