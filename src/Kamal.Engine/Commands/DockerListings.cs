using System.Globalization;
using System.Text.Json;
using Kamal.Engine.Results;

namespace Kamal.Engine.Commands;

/// <summary>Reads <c>docker ps</c> and <c>docker image ls</c> with one JSON object per line.</summary>
internal static class DockerListings
{
    /// <summary>docker's <c>--format</c> for containers.</summary>
    public const string ContainerFormat =
        """{"id":{{json .ID}},"name":{{json .Names}},"image":{{json .Image}},"state":{{json .State}},"status":{{json .Status}}"""
        + ""","ports":{{json .Ports}},"created":{{json .CreatedAt}},"service":{{json (.Label "service")}}"""
        + ""","role":{{json (.Label "role")}},"destination":{{json (.Label "destination")}}}""";

    /// <summary>docker's <c>--format</c> for images.</summary>
    public const string ImageFormat =
        """{"id":{{json .ID}},"repository":{{json .Repository}},"tag":{{json .Tag}},"created":{{json .CreatedAt}}"""
        + ""","size":{{json .Size}},"digest":{{json .Digest}}}""";

    /// <summary>Reads containers; the caller adds the accessory and the version.</summary>
    public static IEnumerable<KamalContainer> Containers(string hostName, KamalContainerKind kind, string output) => Objects(output, json =>
    {
        var status = Text(json, "status");
        return new KamalContainer(hostName, kind, Text(json, "name"))
        {
            ContainerId = Text(json, "id"),
            Service = Optional(json, "service"),
            Role = Optional(json, "role"),
            Destination = Optional(json, "destination"),
            Image = Text(json, "image"),
            State = Enum.TryParse<KamalContainerState>(Text(json, "state"), ignoreCase: true, out var state)
                ? state
                : KamalContainerState.Unknown,
            Status = status,
            Health = Health(status),
            Ports = Text(json, "ports"),
            CreatedAt = Time(Text(json, "created")),
        };
    });

    /// <summary>Reads images.</summary>
    public static IEnumerable<KamalImage> Images(string hostName, string output) => Objects(output, json =>
        new KamalImage(hostName, Text(json, "repository"), Text(json, "tag"))
        {
            ImageId = Text(json, "id"),
            CreatedAt = Time(Text(json, "created")),
            Size = Size(Text(json, "size")),
            Digest = Optional(json, "digest") is { } digest && digest != "<none>" ? digest : null,
        });

    /// <summary>The <c>--format</c> of <c>docker system df</c>.</summary>
    public const string UsageFormat = """{"type":{{json .Type}},"size":{{json .Size}},"unused":{{json .Reclaimable}}}""";

    /// <summary>Reads the output of <c>docker system df</c>.</summary>
    public static KamalDiskUsage Usage(string hostName, string output)
    {
        var usage = new KamalDiskUsage(hostName);
        foreach (var (type, size, unused) in Objects(output, json => (Text(json, "type"), Text(json, "size"), Text(json, "unused"))))
        {
            // As in "1.2GB (30%)".
            var (all, free) = (Size(size), Size(unused.Split(' ')[0]));
            usage = type switch
            {
                "Images" => usage with { ImageBytes = all, UnusedImageBytes = free },
                "Containers" => usage with { ContainerBytes = all },
                "Local Volumes" => usage with { VolumeBytes = all },
                "Build Cache" => usage with { BuildCacheBytes = all, UnusedBuildCacheBytes = free },
                _ => usage,
            };
        }

        return usage;
    }

    /// <summary>The tag in an image's name; null if it has none or a digest.</summary>
    public static string? Tag(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal)) return null;
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? image[(colon + 1)..] : null;
    }

    /// <summary>Reads docker's time, <c>2026-01-02 15:04:05 +0100 CET</c>: the name of the zone after its offset is ignored.</summary>
    private static DateTimeOffset? Time(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length >= 3 && DateTimeOffset.TryParseExact(
            $"{parts[0]} {parts[1]} {parts[2]}", "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;
    }

    /// <summary>Reads docker's size, such as <c>243MB</c> or <c>1.05GB</c>: its units are powers of 1000.</summary>
    private static long? Size(string text)
    {
        var digits = text.Length - text.AsSpan().TrimStart("0123456789.").Length;
        double? unit = text[digits..].Trim() switch
        {
            "B" => 1, "kB" or "KB" => 1e3, "MB" => 1e6, "GB" => 1e9, "TB" => 1e12, _ => null,
        };
        return double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? (long?)(number * unit)
            : null;
    }

    private static string? Health(string status)
    {
        var open = status.LastIndexOf('(');
        if (open < 0 || !status.EndsWith(')') || !status.StartsWith("Up", StringComparison.Ordinal)) return null;
        var word = status[(open + 1)..^1];
        return word == "Paused" ? null : word.StartsWith("health: ", StringComparison.Ordinal) ? word["health: ".Length..] : word;
    }

    /// <summary>Reads every readable line before it throws for the first unreadable one.</summary>
    private static IEnumerable<T> Objects<T>(string output, Func<JsonElement, T> read)
    {
        string? odd = null;
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            T item;
            try
            {
                using var json = JsonDocument.Parse(line);
                item = read(json.RootElement);
            }
            // Not JSON; not an object, or a value that is not a string; an incomplete surrogate pair.
            catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
            {
                odd ??= line;
                continue;
            }

            yield return item;
        }

        if (odd is not null)
        {
            throw new KamalException(KamalErrorId.RemoteCommandFailed,
                $"The output of docker has a line that is not a container or an image: {HostText.Quote(odd)}");
        }
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static string? Optional(JsonElement json, string name) => Text(json, name) is { Length: > 0 } text ? text : null;
}
