using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>How the app's containers on a host are: state, restarts, processor and memory.</summary>
internal static class ContainerFigures
{
    private const string StateFormat =
        """{"id":{{json .ID}},"name":{{json .Name}},"role":{{json (index .Config.Labels "role")}},"created":{{json .Created}}"""
        + ""","status":{{json .State.Status}},"health":{{if .State.Health}}{{json .State.Health.Status}}{{else}}null{{end}}"""
        + ""","restarts":{{.RestartCount}},"exit":{{.State.ExitCode}}}""";

    /// <summary>Prints the IDs of the app's containers, whether they run or not.</summary>
    public static ShellCommand Ids(KamalConfiguration configuration) =>
        ShellCommand.Of("docker", "ps", "--all").AddRange(DockerArguments.Filters(Filters(configuration))).Add("--quiet");

    /// <summary>Prints a line of JSON for each container whose ID is in a shell variable.</summary>
    public static ShellCommand States(string variable) =>
        ShellCommand.Of("printf", "%s\\n", ShellWord.Variable(variable))
            .PipeToXargs(ShellCommand.Of("docker", "inspect", "--format", StateFormat));

    /// <summary>Prints what the app's running containers use, measured for a moment.</summary>
    public static ShellCommand Usage(KamalConfiguration configuration) =>
        ShellCommand.Of("docker", "ps").AddRange(DockerArguments.Filters([.. Filters(configuration), "status=running"])).Add("--quiet")
            .PipeToXargs(ShellCommand.Of("docker", "stats", "--no-stream", "--format", "{{.ID}} {{.CPUPerc}} {{.MemUsage}}"));

    /// <summary>Reads what <see cref="States"/> printed. Lines of another form are left out.</summary>
    public static ImmutableArray<ContainerState> ParseStates(string output) =>
        [.. Lines(output).Select(ParseState).OfType<ContainerState>()];

    /// <summary>Reads what <see cref="Usage"/> printed, such as <c>3f0c 0.07% 12.3MiB / 1.9GiB</c>.</summary>
    public static ImmutableArray<ContainerUsage> ParseUsage(string output) =>
        [.. Lines(output).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(parts => parts is [_, _, _, "/", _])
            .Select(parts => new ContainerUsage(parts[0], Percent(parts[1]), Bytes(parts[2]), Bytes(parts[4])))];

    private static IEnumerable<string> Filters(KamalConfiguration configuration) =>
        [$"label=service={configuration.Service}", $"label=destination={configuration.Destination}"];

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static ContainerState? ParseState(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            string? Text(string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
            int Number(string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetInt32() : 0;
            return new(Text("id") ?? "", (Text("name") ?? "").TrimStart('/'), Text("role") ?? "")
            {
                Status = Text("status") ?? "",
                Health = Text("health"),
                Restarts = Number("restarts"),
                ExitCode = Number("exit"),
                CreatedAt = DateTimeOffset.TryParse(
                    Text("created"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null,
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static double? Percent(string text) =>
        text.EndsWith('%') && double.TryParse(text.AsSpan(..^1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value) ? value : null;

    private static long? Bytes(string text)
    {
        var end = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        double? unit = text[end..] switch
        {
            "B" => 1, "kB" => 1e3, "MB" => 1e6, "GB" => 1e9, "TB" => 1e12,
            "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, "TiB" => 1L << 40,
            _ => null,
        };
        return unit is not null && double.TryParse(text.AsSpan(..end), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value * unit is >= 0 and < long.MaxValue and var bytes ? (long)bytes : null;
    }
}

/// <summary>A container's state as Docker has it.</summary>
/// <param name="Id">Its whole ID.</param>
/// <param name="Name">Its name.</param>
/// <param name="Role">Its role.</param>
internal sealed record ContainerState(string Id, string Name, string Role)
{
    /// <summary>Docker's word for its state, such as <c>running</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Docker's word for its health; null without a health check.</summary>
    public string? Health { get; init; }

    /// <summary>How often Docker restarted it.</summary>
    public int Restarts { get; init; }

    /// <summary>The exit code of its process the last time it ended.</summary>
    public int ExitCode { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Whether its process runs, or Docker is about to start it again.</summary>
    public bool IsUp => Status is "running" or "restarting" or "paused";
}

/// <summary>What a container uses; null for what Docker does not know.</summary>
/// <param name="Id">The first characters of its ID.</param>
/// <param name="Cpu">The share of one processor, in percent.</param>
/// <param name="Memory">The memory in bytes.</param>
/// <param name="MemoryLimit">The memory that it may use.</param>
internal sealed record ContainerUsage(string Id, double? Cpu, long? Memory, long? MemoryLimit);
