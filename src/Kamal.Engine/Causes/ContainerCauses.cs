using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Causes;

/// <summary>Finds out from the evidence why a new container did not become healthy.</summary>
internal static partial class ContainerCauses
{
    private const int Killed = 137;
    private const int LogLines = 4;

    /// <summary>The cause; null if the evidence does not show it.</summary>
    public static KamalCause? Find(ContainerEvidence evidence, ContainerExpectation expected)
    {
        var cause = evidence.HasEnded || evidence.OutOfMemory ? OfEnd(evidence, expected) : OfHealth(evidence, expected);
        return cause is null ? null : cause with { Evidence = [.. cause.Evidence.AddRange(LogOf(evidence)).Take(LogLines)] };
    }

    /// <summary>The lines of the log that say most: the last ones, and the last error if it came before them.</summary>
    private static IEnumerable<string> LogOf(ContainerEvidence evidence)
    {
        var last = evidence.Log.TakeLast(LogLines).ToList();
        if (!last.Exists(line => ErrorLine().IsMatch(line))
            && evidence.Log.LastOrDefault(line => ErrorLine().IsMatch(line)) is { } error) last[0] = error;
        return last.Select(line => "log: " + line);
    }

    private static KamalCause OfEnd(ContainerEvidence evidence, ContainerExpectation expected)
    {
        if (evidence.Status == ContainerEvidence.Removed)
        {
            return new(CauseName.Crashes, $"{expected.Container} was removed by someone else")
            {
                NextStep = "Find out who or what removed it: 'docker events --since 1h' on the host shows when.",
            };
        }

        var code = evidence.ExitCode;
        var how = evidence.Restarts switch
        {
            0 => "",
            1 => ", and docker restarted it once",
            var times => string.Create(CultureInfo.InvariantCulture, $", and docker restarted it {times} times"),
        };
        if (evidence.OutOfMemory)
        {
            return new(CauseName.OutOfMemory, evidence.HasEnded
                ? $"{expected.Container} ran out of memory and was killed{Of(code)}{how}" : $"a process in {expected.Container} was " +
                    "killed because memory ran out")
            {
                NextStep = "Give it more memory (options: memory of the role in deploy.yml), or let the app use less; 'docker " +
                    "stats' on the host shows what it uses.",
            };
        }

        if (evidence.Log.Any(line => line.Contains("exec format error", StringComparison.OrdinalIgnoreCase)))
        {
            var (host, image) = (evidence.HostArchitecture, evidence.ImageArchitecture);
            return new(CauseName.WrongArchitecture, host is null || image is null || Architecture(host) == Architecture(image)
                ? "the image is built for another processor than the host's"
                : $"the image is built for {image}, and the host has {host}")
            {
                NextStep = $"Set builder.arch to {Architecture(host)} in deploy.yml, then build and deploy again.",
            };
        }

        if (code == 127)
        {
            return new(
                CauseName.CommandNotFound,
                $"a command that {expected.Container} starts does not exist in the image (exit code 127){how}")
            {
                NextStep = expected.Command is null
                    ? "Check CMD and ENTRYPOINT in the Dockerfile, and the scripts that they start."
                    : $"Check cmd ({expected.Command}) of the role in deploy.yml.",
            };
        }

        if (code == 126)
        {
            return new(
                CauseName.CommandNotExecutable,
                $"a command that {expected.Container} starts cannot be executed (exit code 126){how}")
            {
                NextStep = "Give the file the permission to execute in the image (chmod +x), and check its first line.",
            };
        }

        if (Missing(evidence, expected) is { } missing) return missing;
        if (code == Killed)
        {
            return new(
                CauseName.OutOfMemory,
                $"{expected.Container} was killed (exit code 137){how}; docker did not note that memory ran out")
            {
                NextStep = "Look for 'Out of memory' in 'dmesg' on the host: it may have no memory left. Otherwise something in the " +
                    "container or on the host killed it.",
            };
        }

        return new(CauseName.Crashes, $"{expected.Container} ended{Of(code)}{how}") { NextStep = $"Read its log: {expected.ShowLog}." };
    }

    private static KamalCause? OfHealth(ContainerEvidence evidence, ContainerExpectation expected)
    {
        if (expected.Port is not { } port) return OfCheck(evidence, expected);
        var what = string.Create(CultureInfo.InvariantCulture, $"GET {expected.Path} on port {port}");
        return evidence.Answer switch
        {
            { Status: { } status } answer => OfStatus(status, answer, evidence, expected, what),
            { IsRefused: true } => OfListening(evidence.Listening ?? [], evidence, expected, port),
            { } silent => new(CauseName.NoAnswer, $"the app accepts connections and does not answer {what} within 5 s")
            {
                Evidence = [$"{what}: {silent.Line}", .. Before(evidence)],
                NextStep = $"See what the app waits for, such as a database: {expected.ShowLog}.",
            },
            null when evidence.Listening is { } listening && !listening.Any(item => IsReachable(item.Address) && item.Port == port) =>
                OfListening(listening, evidence, expected, port),
            _ => null,
        };
    }

    private static KamalCause? OfCheck(ContainerEvidence evidence, ContainerExpectation expected) =>
        evidence.HealthCheck is not { } check ? null
        : new(CauseName.HealthCheckFails, $"the image's health check does not succeed within {expected.Limit}")
        {
            Evidence = [$"last health check: {check}"],
            NextStep = "Check HEALTHCHECK in the Dockerfile (health-cmd of the role's options); increase deploy_timeout if the app " +
                "only starts slowly.",
        };

    private static KamalCause OfStatus(
        int status, HealthAnswer answer, ContainerEvidence evidence, ContainerExpectation expected, string what)
    {
        var host = string.Create(CultureInfo.InvariantCulture, $"{expected.Id}:{expected.Port}");
        ImmutableArray<string> facts = [$"{what} (Host: {host}): {answer.Line}"];
        var body = answer.Body.FirstOrDefault(line => !Markup().IsMatch(line));
        var withBody = body is null ? facts : facts.Add("response: " + body);
        if (status is 400 or 403 or 421 && answer.Body.Concat(evidence.Log).Any(line => HostRefusal().IsMatch(line))
            || status is 403 or 421)
        {
            return new(
                CauseName.HostRejected,
                $"the app answers {what} with {status}: it rejects the Host header of the health check")
            {
                Evidence = withBody,
                NextStep = $"Let the app accept any Host for {expected.Path} (Rails: exclude it in config.host_authorization; " +
                    "Django: ALLOWED_HOSTS), and deploy again.",
            };
        }

        return status switch
        {
            >= 200 and < 300 =>
                new(CauseName.StillStarting, $"the app answers {what} with {status} now, but did not within {expected.Limit}")
            {
                Evidence = [.. facts, .. Before(evidence)],
                NextStep = "Increase deploy_timeout in deploy.yml, or let the app start faster.",
            },
            >= 300 and < 400 when IsHttps(answer.Location) =>
                new(
                    CauseName.HealthPathRedirects,
                    $"the app redirects {what} to HTTPS ({status} to {answer.Location}); the health check needs 200")
            {
                Evidence = facts,
                NextStep = $"Exclude {expected.Path} from the redirect (Rails: config.assume_ssl = true, or exclude it in " +
                    "config.ssl_options), and deploy again.",
            },
            >= 300 and < 400 => new(
                CauseName.HealthPathRedirects,
                $"the app redirects {what} ({status} to {answer.Location ?? "nowhere"}); the health check needs 200")
            {
                Evidence = facts,
                NextStep = "Set proxy.healthcheck.path in deploy.yml to a path that answers 200 without a redirect or a login.",
            },
            401 => new(CauseName.HealthPathProtected, $"the app answers {what} with 401: the path needs a login")
            {
                Evidence = withBody,
                NextStep = $"Let the app answer {expected.Path} without a login, or set proxy.healthcheck.path in deploy.yml.",
            },
            404 => new(CauseName.HealthPathNotFound, $"the app answers {what} with 404: it does not have this path")
            {
                Evidence = withBody,
                NextStep = "Set proxy.healthcheck.path in deploy.yml to a path that the app answers with 200, or add the path to the app.",
            },
            >= 500 => Missing(evidence, expected) ?? new(CauseName.ServerError, $"the app answers {what} with {status}")
            {
                Evidence = withBody,
                NextStep = $"Read its log: {expected.ShowLog}.",
            },
            _ => new(CauseName.HealthPathFails, $"the app answers {what} with {status}; the health check needs 200")
            {
                Evidence = withBody,
                NextStep = "Set proxy.healthcheck.path in deploy.yml to a path that the app answers with 200.",
            },
        };
    }

    private static KamalCause OfListening(
        ImmutableArray<IPEndPoint> listening, ContainerEvidence evidence, ContainerExpectation expected, int port)
    {
        var refused = string.Create(
            CultureInfo.InvariantCulture,
            $"GET {expected.Path} on port {port}: {evidence.Answer?.Line ?? evidence.ProxyError ?? "connection refused"}");
        ImmutableArray<string> facts = listening.IsEmpty ? [refused] : [refused, "listens on " + string.Join(", ", listening)];
        if (listening.IsEmpty)
        {
            return evidence.Listening is not null
                ? new(CauseName.StillStarting, $"the app does not listen on any port after {expected.Limit}")
                {
                    Evidence = [.. facts, .. Before(evidence)],
                    NextStep =
                        $"Increase deploy_timeout in deploy.yml if the app starts slowly; otherwise read its log: {expected.ShowLog}.",
                }
                : new(CauseName.WrongPort, $"the app does not listen on port {port}, which the proxy asks")
                {
                    Evidence = facts,
                    NextStep = "Set proxy.app_port in deploy.yml to the port that the app listens on, and deploy again.",
                };
        }

        ImmutableArray<int> reachable = [.. listening.Where(item => IsReachable(item.Address)).Select(item => item.Port)
            .Distinct().Order()];
        if (reachable.IsEmpty || reachable.Contains(port) || listening.Any(item => item.Port == port))
        {
            return new(
                CauseName.ListensOnLoopback,
                $"the app listens only on {string.Join(", ", listening.Where(item => !IsReachable(item.Address)))}, which the proxy " +
                "cannot reach")
            {
                Evidence = facts,
                NextStep = $"Let the app listen on 0.0.0.0:{port} (often an option or variable such as HOST=0.0.0.0), and deploy again.",
            };
        }

        var ports = string.Join(" and ", reachable);
        return new(CauseName.WrongPort, $"the app listens on port {ports} and not on port {port}, which the proxy asks")
        {
            Evidence = facts,
            NextStep = $"Set proxy.app_port: {reachable[0]} in deploy.yml, or let the app listen on port {port}, and deploy again.",
        };
    }

    /// <summary>A variable that the app says it misses.</summary>
    private static KamalCause? Missing(ContainerEvidence evidence, ContainerExpectation expected)
    {
        foreach (var line in evidence.Log.Reverse())
        {
            if (!MissingLine().IsMatch(line)) continue;
            var names = VariableName().Matches(line).Select(match => match.Value).ToList();
            var own = names.Find(name => expected.Variables.Contains(name) || expected.Secrets.Contains(name));
            if ((own ?? (KeyLine().Match(line) is { Success: true } key ? key.Groups[1].Value : null)) is not { Length: > 0 } name)
            {
                continue;
            }
            return new(
                CauseName.VariableMissing,
                own is null
                    ? $"the app misses the environment variable {name}"
                    : $"the app says that the environment variable {name} is missing or not valid")
            {
                NextStep = expected.Secrets.Contains(name) ? $"Check the value of {name} in .kamal/secrets, and deploy again."
                    : own is not null ? $"Check the value of {name} under env.clear in deploy.yml, and deploy again."
                    : $"Add {name} to env.clear or env.secret in deploy.yml (a secret also to .kamal/secrets), and deploy again.",
            };
        }

        return null;
    }

    private static IEnumerable<string> Before(ContainerEvidence evidence) => evidence.StartBefore is { } took
        ? [string.Create(CultureInfo.InvariantCulture, $"the version before was healthy {took.TotalSeconds:0.#} s after its start")]
        : [];

    private static bool IsReachable(IPAddress address) => !IPAddress.IsLoopback(address);

    private static bool IsHttps(string? location) => location?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ?? false;

    private static string Of(int? code) => code is null ? "" : string.Create(CultureInfo.InvariantCulture, $" (exit code {code})");

    private static string Architecture(string? host) =>
        host switch { "x86_64" => "amd64", "aarch64" or "arm64" => "arm64", null => "the host's architecture", _ => host };

    [
        GeneratedRegex(
            @"\b(?:error|exception|fatal|panic|failed|cannot|could not)\b",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ErrorLine();

    // The texts of Rails ("Blocked hosts: x"), Django ("Invalid HTTP_HOST header"), Rack::Protection, webpack and Vite ("Blocked
    // request. This host").
    [
        GeneratedRegex(
            "blocked host|invalid (?:http_)?host|disallowedhost|allowed_hosts|allowedhosts|host not permitted|this host",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostRefusal();

    [GeneratedRegex(
        @"^\s*(?:[0-9A-Fa-f]{1,8}|<!|</?(?:html|head|body|meta|title|style|script|link)\b[^<]*>|[{}\[\]])\s*$|"
        + @"^\s*<(?:!doctype|html|head|meta|style|script|link)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Markup();

    [GeneratedRegex(
        @"\b(?:missing|required|undefined|unset|not set|isn't set|must be set|must be present|not defined|not found|not present|"
        + @"no value|empty|blank|KeyError|environment variable|env var)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MissingLine();

    // As Ruby, Python, Go and shells write it: key not found: "X", KeyError: 'X', environment variable X, X: parameter not set.
    [GeneratedRegex(
        @"(?:key not found: ""|KeyError: '|environment variable:? [""'`]?|env var:? [""'`]?|"
        + @"(?<=: ?)(?=[A-Z][A-Z0-9_]+: (?:parameter not set|unbound variable)))([A-Z][A-Z0-9_]{2,})",
        RegexOptions.CultureInvariant)]
    private static partial Regex KeyLine();

    [GeneratedRegex(@"\b[A-Z][A-Z0-9_]{2,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();
}
