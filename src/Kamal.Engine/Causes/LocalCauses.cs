using System.Text.RegularExpressions;

namespace Kamal.Engine.Causes;

/// <summary>Finds out why docker failed on this machine from what it printed: a login, the builder, a build or a push.</summary>
internal static partial class LocalCauses
{
    private const int EvidenceLines = 3;
    private const int LongestStep = 80;
    private const string ShowAll = "Read the build's output; Publish-KamalImage (kamal build push) runs it again.";

    /// <summary>The cause of any command but a build; null if the output does not show it.</summary>
    public static KamalCause? Find(string output) => WithEvidence(Here(CommandCauses.Find(output, 0)), output);

    /// <summary>The cause of a build that failed, with its push.</summary>
    public static KamalCause OfBuild(string output) => WithEvidence(
        Located(OfBaseImage(output), output) ?? OfPush(output) ?? Located(OfStep(output), output) ?? Here(CommandCauses.OfDocker(output))
            ?? new(CauseName.BuildFailed, "the image could not be built") { NextStep = ShowAll },
        Excerpt().Replace(output, ""))!;

    /// <summary>Whether the image was built, and its push failed.</summary>
    public static bool IsPush(string output) => !BaseImage().IsMatch(output) && Push().IsMatch(output);

    private static KamalCause? OfBaseImage(string output)
    {
        if (BaseImage().Match(output) is not { Success: true } match) return null;
        var image = match.Groups["image"].Value;
        return Here(CommandCauses.OfRegistry(output)) switch
        {
            null => null,
            { Name: CauseName.ImageNotFound or CauseName.RegistryAccessDenied } cause => cause with
            {
                Name = CauseName.ImageNotFound,
                Message = $"the base image {image} does not exist, or needs a login",
                NextStep = "Check FROM in the Dockerfile. If the image is private, log in to its registry on this machine (docker login).",
            },
            var cause => cause with
            {
                Message = $"the base image {image} could not be pulled: {cause.Message}",
                NextStep = cause.Name == CauseName.RegistryUnreachable
                    ? "Check FROM in the Dockerfile, and this machine's DNS, firewall and proxy: curl -v https://SERVER/v2/"
                    : cause.NextStep,
            },
        };
    }

    private static KamalCause? OfPush(string output)
    {
        if (!Push().IsMatch(output)) return null;
        return Here(CommandCauses.OfRegistry(output)) switch
        {
            null => new(CauseName.BuildFailed, "the image could not be pushed") { NextStep = ShowAll },
            { Name: CauseName.ImageNotFound } cause => cause with
            {
                Message = "the registry does not have the image's repository",
                NextStep = "Create the repository at the registry, or correct image in deploy.yml.",
            },
            { Name: CauseName.RegistryAccessDenied } cause => cause with
            {
                Message = cause.Message.Replace(
                    CommandCauses.DeniesAccess, "does not let the account push the image, or does not have its repository",
                    StringComparison.Ordinal),
            },
            { Name: CauseName.RegistryRateLimited } cause => cause with
            {
                Message = cause.Message.Replace(
                    CommandCauses.LimitsPulls, "limits how many requests it accepts", StringComparison.Ordinal),
                NextStep = "Wait and run the command again: layers that have arrived are not pushed again.",
            },
            var cause => cause,
        };
    }

    /// <summary>A cause with the line of the Dockerfile, as <c>FILE:LINE</c>, if the builder quotes it.</summary>
    private static KamalCause? Located(KamalCause? cause, string output) =>
        cause is not null && Excerpt().Match(output) is { Success: true } excerpt
            ? cause with { Message = $"{excerpt.Groups["at"].Value}: {cause.Message}" }
            : cause;

    private static KamalCause? OfStep(string output)
    {
        if (output.Contains("exec format error", StringComparison.OrdinalIgnoreCase))
        {
            return new(CauseName.WrongArchitecture, "the build runs a program for another processor")
            {
                NextStep = "Build on a machine with that processor (builder.remote), or install emulation on this one: " +
                    "docker run --privileged --rm tonistiigi/binfmt --install all",
            };
        }

        if (Step().Match(output) is { Success: true } step)
        {
            var (command, code) = (step.Groups["command"].Value, step.Groups["code"].Value);
            if (command.Length > LongestStep) command = command[..LongestStep] + "…";
            return code == "137"
                ? new(CauseName.OutOfMemory, $"the step {command} of the Dockerfile was killed (exit code 137)")
                {
                    NextStep = "Give the builder more memory: 'dmesg' on its machine shows whether it ran out.",
                }
                : new(CauseName.BuildFailed, $"the step {command} of the Dockerfile failed with exit code {code}")
                {
                    NextStep = "Correct the step, and run the command again.",
                };
        }

        if (Copy().Match(output) is { Success: true } copy)
        {
            return new(CauseName.BuildFailed, $"the Dockerfile copies {copy.Groups["path"].Value}, which the build context does not have")
            {
                NextStep = "Commit the file, as the image is built from a clone of the repository; also check .dockerignore.",
            };
        }

        return Syntax().Match(output) is { Success: true } syntax
            ? new(CauseName.BuildFailed, $"the Dockerfile is not valid: {syntax.Groups["what"].Value.Trim()}")
            {
                NextStep = "Correct the Dockerfile, and run the command again.",
            }
            : null;
    }

    /// <summary>
    /// The last lines, with the error at the end. Leaves out separator lines, and lines of progress unless there is nothing else.
    /// </summary>
    private static KamalCause? WithEvidence(KamalCause? cause, string output)
    {
        if (cause is null) return null;
        var lines = ContainerEvidence.Lines(output).Where(line => line.Trim('-').Length > 0).ToList();
        var error = lines.FindLast(line => line.StartsWith("ERROR: ", StringComparison.Ordinal));
        var others = lines.Where(line => !line.StartsWith("ERROR: ", StringComparison.Ordinal)).ToList();
        if (others.Exists(line => !Progress().IsMatch(line))) others.RemoveAll(line => Progress().IsMatch(line));
        return cause with
        {
            Evidence = error is null ? [.. others.TakeLast(EvidenceLines)] : [.. others.TakeLast(EvidenceLines - 1), error],
        };
    }

    /// <summary>A cause in words about this machine.</summary>
    private static KamalCause? Here(KamalCause? cause) => cause is null ? null : cause with
    {
        Message = cause.Message.Replace("the host ", "this machine ", StringComparison.Ordinal)
            .Replace(" on the host", " on this machine", StringComparison.Ordinal)
            .Replace(" of the host", " of this machine", StringComparison.Ordinal),
        NextStep = cause.Name switch
        {
            CauseName.DockerNotPermitted =>
                "Add your account to the docker group (sudo usermod -aG docker $USER), and log in to this machine again.",
            CauseName.DockerNotRunning => "Start it: sudo systemctl start docker, or Docker Desktop.",
            CauseName.DiskFull =>
                "Free space on this machine: 'docker system df' shows what uses it, and 'docker buildx prune' empties the build cache.",
            CauseName.RegistryAccessDenied =>
                $"Check image in deploy.yml, and that the registry's account may push it. {CommandCauses.LoginAgain}.",
            CauseName.PortTaken =>
                "Stop what uses it, or have the registry use another one (registry.server: localhost:PORT).",
            CauseName.RegistryWithoutTls =>
                "Give the registry a certificate, or allow plain HTTP: insecure-registries for the engine, http = true for BuildKit.",
            CauseName.RegistryUnreachable =>
                "Check registry.server in deploy.yml, and this machine's DNS, firewall and proxy: curl -v https://SERVER/v2/",
            _ => cause.NextStep,
        },
    };

    // BuildKit's plain progress: "#9 0.201 make: …", "#9 ERROR: …".
    [GeneratedRegex(@"^#\d+ ", RegexOptions.CultureInvariant)]
    private static partial Regex Progress();

    // BuildKit: "failed to resolve source metadata for docker.io/library/busybox:9: …"; that of Docker 20: "> [internal] load metadata
    // for docker.io/library/busybox:9:" on a line of its own.
    [GeneratedRegex(
        @"failed to (?:resolve source|load) metadata for (?<image>\S+): |^ *> \[internal\] load metadata for (?<image>\S+):\s*$",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex BaseImage();

    // buildx, after what the step said: a short rule, "Dockerfile:5", a long rule, the lines around it, and a long rule.
    [GeneratedRegex(
        @"(?:^-{4,8}\s*\n)?^(?<at>[^\s:]{1,200}:\d{1,6})\s*\n-{20,}\s*\n(?:[^\n]*\n){1,15}?-{20,}\s*(?:\n|$)",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Excerpt();

    // BuildKit: "failed to push REGISTRY/IMAGE:TAG: …"; buildx where the engine pushes: "> pushing REGISTRY/IMAGE:TAG with docker:";
    // docker push: "denied: …" on a line of its own.
    [GeneratedRegex(
        @"failed to push \S+|^ *> pushing \S+ with docker:|"
        + @"^(?:ERROR: )?(?:denied|unauthorized|toomanyrequests|unknown|name unknown|no basic auth credentials)\b",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Push();

    // Docker 20: "executor failed running [/bin/sh -c npm ci]: exit code: 1".
    [GeneratedRegex(
        @"(?:process ""(?:/bin/sh -c )?(?<command>[^\n]{1,2000}?)"" did not complete successfully"
        + @"|executor failed running \[(?:/bin/sh -c )?(?<command>[^\n]{1,2000}?)\]): exit code: (?<code>\d+)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Step();

    [GeneratedRegex(@"failed to (?:calculate checksum|compute cache key)[^\n]*: ""(?<path>/[^""\n]{1,200})"":? not found",
        RegexOptions.CultureInvariant)]
    private static partial Regex Copy();

    [GeneratedRegex(@"dockerfile parse error (?<what>on line \d+: [^\n]{1,200})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Syntax();
}
