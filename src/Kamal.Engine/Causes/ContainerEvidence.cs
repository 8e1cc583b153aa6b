using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Kamal.Engine.Causes;

/// <summary>What a container that failed said when it was examined. What could not be found out is null or empty.</summary>
internal sealed record ContainerEvidence
{
    /// <summary>The state of a container that is not there any more.</summary>
    public const string Removed = "removed";

    /// <summary>Its state, such as <c>running</c> or <c>restarting</c>.</summary>
    public string? Status { get; init; }

    /// <summary>How often docker restarted it.</summary>
    public int Restarts { get; init; }

    /// <summary>The exit code of its process the last time it ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Whether docker noted that memory ran out.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>The result of the image's own health check, such as <c>exit code 1: no queue</c>.</summary>
    public string? HealthCheck { get; init; }

    /// <summary>The addresses on which it listens; null if unknown.</summary>
    public ImmutableArray<IPEndPoint>? Listening { get; init; }

    /// <summary>Its answer to the health check; null if it was not asked.</summary>
    public HealthAnswer? Answer { get; init; }

    /// <summary>Why the proxy's last health check failed, in the proxy's words.</summary>
    public string? ProxyError { get; init; }

    /// <summary>How long the container before took from its start to the proxy's first successful health check; null if unknown.</summary>
    public TimeSpan? StartBefore { get; init; }

    /// <summary>The last lines of its log, without blank lines.</summary>
    public ImmutableArray<string> Log { get; init; } = [];

    /// <summary>The host's processor, as <c>uname -m</c> calls it.</summary>
    public string? HostArchitecture { get; init; }

    /// <summary>The processor that the image is built for.</summary>
    public string? ImageArchitecture { get; init; }

    /// <summary>Whether its process has ended at least once.</summary>
    public bool HasEnded => Restarts > 0 || Status is "exited" or "dead" or "restarting" or Removed;

    /// <summary>Adds what <see cref="Commands.ProbeCommands.State"/> printed.</summary>
    public ContainerEvidence WithState(string output)
    {
        var lines = Lines(output);
        if (lines.Length < 2) return this;
        var read = this with { Restarts = Number(lines[0].Split(' ')[0]) ?? 0 };
        var ends = lines.Skip(2).Select(line => line.Split(' ')).ToList();
        var code = ends.LastOrDefault(parts => parts is ["die", _]) is { } end ? Number(end[1]) : null;
        try
        {
            using var json = JsonDocument.Parse(lines[1]);
            var state = json.RootElement;
            read = read with { Status = Text(state, "Status"), OutOfMemory = Flag(state, "OOMKilled"), HealthCheck = LastCheck(state) };
            if (code is null && read.HasEnded && state.TryGetProperty("ExitCode"u8, out var exit)) code = exit.GetInt32();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return read;
        }

        return read with { ExitCode = code, OutOfMemory = read.OutOfMemory || ends.Exists(parts => parts[0] == "oom") };
    }

    /// <summary>Adds what <see cref="Commands.ProbeCommands.Listening"/> printed.</summary>
    public ContainerEvidence WithListening(string output) =>
        // Without the header, the file could not be read.
        Lines(output).Contains("local_address")
            ? this with { Listening = [.. Lines(output).Select(Endpoint).OfType<IPEndPoint>().Distinct()] }
            : this;

    /// <summary>Adds what <see cref="Commands.ProbeCommands.ProxyLog"/> printed.</summary>
    public ContainerEvidence WithProxyLog(string output)
    {
        try
        {
            using var json = JsonDocument.Parse(output);
            return this with { ProxyError = Text(json.RootElement, "error") };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return this;
        }
    }

    /// <summary>Adds what <see cref="Commands.ProbeCommands.StartOf"/> printed.</summary>
    public ContainerEvidence WithStartBefore(string output)
    {
        if (Lines(output) is not [var started, var healthy, ..] || Time(started) is not { } from) return this;
        try
        {
            using var json = JsonDocument.Parse(healthy);
            return Time(Text(json.RootElement, "time") ?? "") is { } until && until > from
                ? this with { StartBefore = until - from }
                : this;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return this;
        }
    }

    /// <summary>Adds what <see cref="Commands.ProbeCommands.Architectures"/> printed.</summary>
    public ContainerEvidence WithArchitectures(string output) =>
        Lines(output) is [var host, var image, ..] ? this with { HostArchitecture = host, ImageArchitecture = image } : this;

    /// <summary>Adds the last lines of its log.</summary>
    public ContainerEvidence WithLog(string output) => this with { Log = [.. Lines(output)] };

    internal static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? LastCheck(JsonElement state)
    {
        if (!state.TryGetProperty("Health", out var health) || health.ValueKind != JsonValueKind.Object
            || !health.TryGetProperty("Log"u8, out var log)
            || log.ValueKind != JsonValueKind.Array || log.GetArrayLength() == 0) return null;
        var last = log[log.GetArrayLength() - 1];
        if (!last.TryGetProperty("ExitCode"u8, out var code)) return null;
        var said = Lines(Text(last, "Output") ?? "");
        return string.Create(CultureInfo.InvariantCulture, $"exit code {code.GetInt32()}{(said.Length > 0 ? ": " + said[^1] : "")}");
    }

    /// <summary>
    /// An address and port in hexadecimal, the address in words of the host's byte order (little-endian on every Docker platform
    /// in use).
    /// </summary>
    private static IPEndPoint? Endpoint(string text)
    {
        if (text.Split(':') is not [{ Length: 8 or 32 } address, { Length: 4 } port]) return null;
        if (!address.All(char.IsAsciiHexDigit)
            || !ushort.TryParse(port, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)) return null;
        var bytes = Convert.FromHexString(address);
        for (var at = 0; at < bytes.Length; at += 4) bytes.AsSpan(at, 4).Reverse();
        var parsed = new IPAddress(bytes);
        if (parsed.IsIPv4MappedToIPv6) parsed = parsed.MapToIPv4();
        // Docker's own name server listens in every container.
        return parsed.Equals(IPAddress.Parse("127.0.0.11")) ? null : new(parsed, number);
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}

/// <summary>The answer to a request for the health check's path.</summary>
/// <param name="Status">The status; null if there was no response.</param>
internal sealed record HealthAnswer(int? Status)
{
    /// <summary>The status line, or why there was no response.</summary>
    public string Line { get; init; } = "";

    /// <summary>Where it redirects to.</summary>
    public string? Location { get; init; }

    /// <summary>The first lines of the response's body.</summary>
    public ImmutableArray<string> Body { get; init; } = [];

    /// <summary>Whether the connection was refused.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Reads what <see cref="Commands.ProbeCommands.Health"/> printed; null if the container could not be asked.</summary>
    public static HealthAnswer? Parse(string output)
    {
        var lines = output.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[0] != "connected")
        {
            return output.Contains("Connection refused", StringComparison.OrdinalIgnoreCase)
                ? new(Status: null) { Line = "connection refused", IsRefused = true }
                : null;
        }

        if (lines.Count < 2 || lines[1].Length == 0) return new(Status: null) { Line = "no answer" };
        var status = lines[1].Split(' ') is [var protocol, var code, ..] && protocol.StartsWith("HTTP/", StringComparison.Ordinal)
            && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        var end = lines.FindIndex(1, line => line.Length == 0);
        var headers = lines[2..(end < 0 ? lines.Count : Math.Max(2, end))];
        return new(status)
        {
            Line = status is null
                ? "an answer that is not HTTP: " + lines[1]
                : lines[1][(lines[1].IndexOf(' ', StringComparison.Ordinal) + 1)..],
            Location = headers.Find(header => header.StartsWith("Location:", StringComparison.OrdinalIgnoreCase))?["Location:".Length..]
                .Trim(),
            Body = end < 0 ? [] : [.. lines.Skip(end).Select(line => line.Trim()).Where(line => line.Length > 0)],
        };
    }
}
