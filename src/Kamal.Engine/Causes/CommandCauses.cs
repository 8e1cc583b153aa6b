using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Causes;

/// <summary>Finds out why a command failed from what it printed. The texts are those of Docker 20 to 29, and of shells.</summary>
internal static partial class CommandCauses
{
    private const int EvidenceLines = 3;

    /// <summary>What to do if a registry rejects a login.</summary>
    public const string LoginAgain = "Check registry.username and registry.password in deploy.yml, and the password in .kamal/secrets";

    /// <summary>The end of the sentence about a registry that denies access.</summary>
    public const string DeniesAccess = "denies access to the image, or does not have it";

    /// <summary>The end of the sentence about a registry that limits pulls.</summary>
    public const string LimitsPulls = "limits how often images are pulled";

    /// <summary>The cause; null if the output does not show it.</summary>
    /// <param name="output">What the command printed.</param>
    /// <param name="exitCode">Its exit code.</param>
    /// <param name="found">What later steps of the same script found out.</param>
    public static KamalCause? Find(string output, int exitCode, params ImmutableArray<string> found)
    {
        var cause = OfHost(output, exitCode, found) ?? OfContainer(output, found);
        // docker login may ask the registry by itself, without the daemon.
        if (cause is null && (Says(output, "response from daemon") || Registry().IsMatch(output))) cause = OfRegistry(output);
        return cause is null
            ? null
            : cause with { Evidence = [.. cause.Evidence, .. ContainerEvidence.Lines(output).TakeLast(EvidenceLines)] };
    }

    /// <summary>The cause if Docker itself cannot work, on whatever machine; null otherwise.</summary>
    public static KamalCause? OfDocker(string output)
    {
        // Docker's client, of all versions: "…to the Docker daemon socket…", "…to the docker API at…".
        if (Says(output, "permission denied while trying to connect to the docker"))
        {
            return new(CauseName.DockerNotPermitted, "the account is not allowed to use Docker")
            {
                NextStep = "Add the account to the docker group on the host: sudo usermod -aG docker $USER. "
                    + "Then close the connection with Disconnect-KamalConnection, so that the next command logs in again.",
            };
        }

        if (Says(output, "cannot connect to the docker daemon") || Says(output, "failed to connect to the docker api"))
        {
            return new(CauseName.DockerNotRunning, "Docker is not running on the host")
            {
                NextStep = "Start it on the host: sudo systemctl start docker. 'journalctl -u docker' there shows why it stopped.",
            };
        }

        return Says(output, "no space left on device")
            ? new(CauseName.DiskFull, Says(output, "no inodes are left") ? "the disk has no inodes left" : "the disk is full")
            {
                NextStep = "Free space on the host: 'df -h' and 'docker system df' show what uses it, and Invoke-KamalPrune (kamal " +
                    "prune all) removes old versions.",
            }
            : null;
    }

    private static KamalCause? OfHost(string output, int exitCode, ImmutableArray<string> found)
    {
        if (OfDocker(output) is { } cause) return cause;
        if (exitCode is 127 or 126 or 123 && DockerNotFound().IsMatch(output))
        {
            return new(CauseName.DockerMissing, "Docker is not installed on the host")
            {
                NextStep = "Install it with Initialize-KamalServer (kamal server bootstrap).",
            };
        }

        if (PortInUse().Match(output) is { Success: true } taken)
        {
            var port = taken.Groups["port"].Value;
            var owner = found.Append(output).SelectMany(text => PortOwner().Matches(text))
                .FirstOrDefault(match => match.Groups["port"].Value == port)?.Groups["owner"].Value.TrimEnd();
            return new(
                CauseName.PortTaken,
                $"port {port} of the host is in use by "
                    + (owner is not null ? "the " + owner : Says(output, "already allocated") ? "another container" : "another process"))
            {
                NextStep = owner is not null
                    ? "Stop it, or publish another port (proxy.run.http_port, https_port; the accessory's port)."
                    : $"'docker ps --filter publish={port}' and 'sudo ss -ltnp sport = :{port}' on the host show which. Stop " +
                    "it, or publish another port (proxy.run.http_port, https_port).",
            };
        }

        return null;
    }

    private static KamalCause? OfContainer(string output, ImmutableArray<string> found)
    {
        if (Says(output, "exec format error") || Says(output, "no matching manifest for"))
        {
            var architectures = found.Select(text => ContainerEvidence.Lines(text)).FirstOrDefault(lines => lines.Length == 2);
            return new(CauseName.WrongArchitecture, architectures is null
                ? "the image is built for another processor than the host's"
                : $"the image is built for {architectures[1]}, and the host has {architectures[0]}")
            {
                NextStep = "Set builder.arch in deploy.yml to the host's architecture, then build and deploy again.",
            };
        }

        if (Executable().Match(output) is not { Success: true } match) return null;
        var name = match.Groups["name"].Value;
        return Says(match.Value, "permission denied")
            ? new(CauseName.CommandNotExecutable, $"the container's command {name} cannot be executed")
            {
                NextStep = "Give the file the permission to execute in the image (chmod +x), and check its first line.",
            }
            : new(CauseName.CommandNotFound, $"the container's command {name} does not exist in the image")
            {
                NextStep = "Check the role's cmd in deploy.yml, and CMD and ENTRYPOINT in the Dockerfile.",
            };
    }

    /// <summary>The cause if a registry refused or did not answer; null otherwise.</summary>
    public static KamalCause? OfRegistry(string output)
    {
        var server = Registry().Match(output) is { Success: true } match ? "the registry " + match.Groups["server"].Value : "the registry";
        if (Says(output, "toomanyrequests") || Says(output, "429 too many requests") || Says(output, "rate limit"))
        {
            return new(CauseName.RegistryRateLimited, $"{server} {LimitsPulls}")
            {
                NextStep = "Wait and run the command again, or log in: set registry.username and registry.password in deploy.yml.",
            };
        }

        if (ServerError().Match(output) is { Success: true } error)
        {
            return new(CauseName.RegistryFails, $"{server} answers with a server error ({error.Groups["status"].Value.TrimEnd()})")
            {
                NextStep = "Run the command again. If it fails again, check the registry's log or status page.",
            };
        }

        if (Says(output, "server gave HTTP response to HTTPS client"))
        {
            return new(CauseName.RegistryWithoutTls, $"{server} does not use TLS")
            {
                NextStep = "Add the registry to insecure-registries in /etc/docker/daemon.json on the host and restart Docker " +
                    "there, or give the registry a certificate.",
            };
        }

        if (Expired().IsMatch(output))
        {
            return new(CauseName.RegistryLoginFailed, $"{server} says that the token used as password has expired")
            {
                NextStep = "Get a new token. If .kamal/secrets gets it from a command, as in PASSWORD=$(…), each run gets a new one.",
            };
        }

        if (Denied().IsMatch(output))
        {
            return new(CauseName.RegistryAccessDenied, $"{server} {DeniesAccess}")
            {
                NextStep = $"Check image in deploy.yml, and that the registry's account may pull it. {LoginAgain}.",
            };
        }

        if (Says(output, "unauthorized") || Says(output, "no basic auth credentials"))
        {
            return new(CauseName.RegistryLoginFailed, $"{server} rejects the user name or password")
            {
                NextStep = $"{LoginAgain}; tokens expire.",
            };
        }

        if (NotFound().IsMatch(output))
        {
            if (Says(output, "name unknown"))
            {
                return new(CauseName.ImageNotFound, $"{server} does not have the image's repository")
                {
                    NextStep = "Check image in deploy.yml. Was the image ever pushed? Leave out -SkipPush (--skip-push) to build it.",
                };
            }

            return new(CauseName.ImageNotFound, $"{server} does not have this version of the image")
            {
                NextStep = "Was this version built and pushed? Leave out -SkipPush (--skip-push) to build it.",
            };
        }

        if (Unreachable().Match(output) is { Success: true } unreachable)
        {
            return new(
                CauseName.RegistryUnreachable,
                string.Create(CultureInfo.InvariantCulture, $"the host cannot reach {server} ({unreachable.Value})"))
            {
                NextStep = "Check registry.server in deploy.yml, and the host's DNS, firewall and proxy: 'curl -v " +
                    "https://SERVER/v2/' on the host.",
            };
        }

        return null;
    }

    private static bool Says(string output, string text) => output.Contains(text, StringComparison.OrdinalIgnoreCase);

    // dash: "sh: 1: docker: not found"; bash: "docker: command not found"; xargs and env: "docker: No such file or directory".
    [
        GeneratedRegex(
            @"(?:^|[:\s'‘])docker['’]?: (?:command )?(?:not found|No such file or directory|Permission denied$)",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex DockerNotFound();

    [
        GeneratedRegex(
            @":(?<port>\d+)(?: failed: port is already allocated|: bind: address already in use|[:/\w.]*: address already in use)"
            + @"|^port (?<port>\d+): (?:container|process) ",
            RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex PortInUse();

    // ProbeCommands.PortOwners.
    [
        GeneratedRegex(
            @"^port (?<port>\d+): (?<owner>(?:container|process) [^\n]{1,100})$",
            RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex PortOwner();

    // runc and crun: exec: "work": executable file not found in $PATH; exec: "./x": permission denied; exec: "/x": stat /x: no
    // such file or directory.
    [GeneratedRegex(
        @"exec: ""(?<name>[^""\n]{1,200})"": "
        + @"(?:executable file not found|permission denied|(?:stat \S+|is a directory|no such file)[^\n]{0,80})",
        RegexOptions.CultureInvariant)]
    private static partial Regex Executable();

    [GeneratedRegex(@"https?://(?<server>[A-Za-z0-9.-]+(?::\d+)?)/v2/", RegexOptions.CultureInvariant)]
    private static partial Regex Registry();

    // Docker's engine: "received unexpected HTTP status: 503 …", "login attempt to … failed with status: 503 …"; containerd:
    // "unexpected status from HEAD request to …: 503 …".
    [
        GeneratedRegex(
            @"(?:HTTP status|failed with status|unexpected status[^\n]{0,200}?): (?<status>5\d\d(?: [A-Za-z -]{1,40})?)",
            RegexOptions.CultureInvariant)]
    private static partial Regex ServerError();

    // Amazon: "denied: Your authorization token has expired. Reauthenticate and try again."; others: "token expired", "ExpiredToken".
    [
        GeneratedRegex(
            @"token (?:has |is )?expired|expired ?token|credentials? (?:have |has )?expired",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Expired();

    // "denied" alone: a registry's error without a message.
    [
        GeneratedRegex(
            @"access denied|denied: |response from daemon: denied\b|^(?:ERROR: )?denied\s*$|"
            + "requested access to the resource is denied|insufficient_scope|403 Forbidden",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Denied();

    [
        GeneratedRegex(
            @"manifest unknown|manifest for \S+ not found|name unknown|repository \S* ?not found|: not found",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotFound();

    [GeneratedRegex(
        @"no such host|server misbehaving|connection refused|connection reset by peer|i/o timeout|TLS handshake timeout|"
        + @"context deadline exceeded|Client\.Timeout exceeded|no route to host|network is unreachable|x509: [^\n]{1,80}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Unreachable();
}
