using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>What is on a host, whatever app it belongs to. It is read in the same script as everything else that is asked there.</summary>
/// <param name="HostName">The host.</param>
internal sealed record HostInventory(string HostName)
{
    private const string MachineStep = "Identify the machine";
    private const string ContainersStep = "List all containers";
    private const string ImagesStep = "List all images";
    private const string OwnImagesStep = "List the service's images";
    private const string RoutesStep = "Read all routes";
    private const string FilesStep = "List Kamal's files";
    private const string SizesStep = "Measure directories";

    private const long Kilobyte = 1024;

    /// <summary>What identifies the machine and account, whatever name they have here; empty if it is not known.</summary>
    public string Machine { get; init; } = "";

    /// <summary>The containers, with their whole IDs.</summary>
    public ImmutableArray<FoundContainer> Containers { get; init; } = [];

    /// <summary>The images, with their whole IDs.</summary>
    public ImmutableArray<KamalImage> Images { get; init; } = [];

    /// <summary>The IDs of images that were built for the service.</summary>
    public ImmutableHashSet<string> OwnImages { get; init; } = [];

    /// <summary>The proxy's services; null if the proxy does not answer.</summary>
    public ImmutableArray<FoundRoute>? Routes { get; init; }

    /// <summary>Files and directories.</summary>
    public ImmutableArray<FoundFile> Files { get; init; } = [];

    /// <summary>The steps that read it. They change nothing.</summary>
    /// <param name="configuration">The configuration.</param>
    public static IEnumerable<Step> Steps(KamalConfiguration configuration) =>
    [
        Read(MachineStep, OrphanCommands.Machine(configuration)) with { IgnoreFailure = true },
        Read(ContainersStep, OrphanCommands.Containers()),
        Read(ImagesStep, OrphanCommands.Images()),
        Read(OwnImagesStep, OrphanCommands.ImagesOf(configuration.Service)),
        Read(RoutesStep, DriftCommands.ProxyState()) with { IgnoreFailure = true },
        // find fails if one of the directories does not exist.
        Read(FilesStep, OrphanCommands.Files(configuration)) with { IgnoreFailure = true },
        Read(SizesStep, OrphanCommands.Sizes(configuration)) with { IgnoreFailure = true },
    ];

    /// <summary>What the steps found.</summary>
    /// <exception cref="KamalException">Docker's answer cannot be read.</exception>
    /// <exception cref="JsonException">The proxy's answer cannot be read.</exception>
    public static HostInventory Of(ScriptResult result)
    {
        string Output(string step) => result.Find(step)?.Output ?? "";
        var sizes = Lines(Output(SizesStep)).Select(line => line.Split('\t', 2)).Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[1]).ToDictionary(same => same.Key, same => Number(same.First()[0]) * Kilobyte);
        return new(result.HostName)
        {
            Machine = result.Find(MachineStep) is { Status: StepStatus.Succeeded } machine ? machine.Output.Trim() : "",
            Containers = [.. FoundContainer.Of(result.HostName, Output(ContainersStep))],
            Images = [.. DockerListings.Images(result.HostName, Output(ImagesStep))],
            OwnImages = [.. Lines(Output(OwnImagesStep))],
            Routes = result.Find(RoutesStep) is { Status: StepStatus.Succeeded } step ? [.. FoundRoute.Of(step.Output)] : null,
            Files = [.. Lines(Output(FilesStep)).Select(line => FoundFile.Of(line, sizes)).OfType<FoundFile>()],
        };
    }

    /// <summary>The container that a route's target names, by its ID's beginning or its name; null if it is not there.</summary>
    /// <param name="target">The target, <c>CONTAINER:PORT</c>.</param>
    public FoundContainer? Find(string target)
    {
        var name = target.LastIndexOf(':') is > 0 and var colon ? target[..colon] : target;
        return Containers.FirstOrDefault(one => one.Name == name || (name.Length >= BootScript.ShortId && one.Id.StartsWith(
            name, StringComparison.Ordinal)));
    }

    /// <summary>Whether another name stands for the same machine.</summary>
    public bool IsSameMachine(HostInventory other) => Machine.Length > 0 && Machine == other.Machine
        || Containers.Any(one => other.Containers.Any(its => its.Id == one.Id));

    internal static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static Step Read(string name, ShellCommand command) => new(name, command) { Effect = StepEffect.ReadOnly };
}

/// <summary>A container on a host.</summary>
/// <param name="Id">Its whole ID.</param>
/// <param name="Name">Its name.</param>
internal sealed record FoundContainer(string Id, string Name)
{
    /// <summary>The labels <c>service</c>, <c>role</c> and <c>destination</c>; empty without one.</summary>
    public (string Service, string Role, string Destination) Labels { get; init; } = ("", "", "");

    /// <summary>The name of its image, as it was started with.</summary>
    public string Image { get; init; } = "";

    /// <summary>Docker's word for its state.</summary>
    public string State { get; init; } = "";

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Names of volumes and paths on the host that are mounted.</summary>
    public ImmutableArray<string> Mounts { get; init; } = [];

    public bool IsRunning => State is "running" or "restarting" or "paused";

    /// <summary>Whether it runs a role of an app, of whichever service.</summary>
    public bool IsOfApp => Labels is { Service.Length: > 0, Role.Length: > 0 };

    /// <summary>Reads <see cref="OrphanCommands.Containers"/>.</summary>
    public static IEnumerable<FoundContainer> Of(string host, string output)
    {
        var mounts = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // The second reading is of lines that the first one has accepted.
        return DockerListings.Containers(host, KamalContainerKind.App, output).ToList().Zip(mounts, (one, line) =>
            new FoundContainer(one.ContainerId, one.ContainerName)
            {
                Labels = (one.Service ?? "", one.Role ?? "", one.Destination ?? ""),
                Image = one.Image,
                State = $"{one.State}".ToLowerInvariant(),
                CreatedAt = one.CreatedAt,
                Mounts = MountsIn(line),
            });
    }

    private static ImmutableArray<string> MountsIn(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("mounts", out var mounts) && mounts.ValueKind == JsonValueKind.String
            ? [.. mounts.GetString()!.Split(',', StringSplitOptions.RemoveEmptyEntries)] : [];
    }
}

/// <summary>A service of kamal-proxy.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Targets">What it routes to, <c>CONTAINER:PORT</c>.</param>
internal sealed record FoundRoute(string Name, ImmutableArray<string> Targets)
{
    /// <summary>Reads the proxy's state (v0.9.2). A proxy that has never had a service has no file.</summary>
    public static IEnumerable<FoundRoute> Of(string state)
    {
        if (state.Length == 0) return [];
        using var json = JsonDocument.Parse(state);
        return json.RootElement.ValueKind != JsonValueKind.Array ? [] :
        [
            .. json.RootElement.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object).Select(one => new FoundRoute(
                one.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "",
                [.. Texts(one, "active_targets"), .. Texts(one, "rollout_targets")])),
        ];
    }

    private static IEnumerable<string> Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray().Select(item => item.GetString()).OfType<string>() : [];
}

/// <summary>A file or directory on a host.</summary>
/// <param name="Path">Its path, below the account's home.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
internal sealed record FoundFile(string Path, bool IsDirectory)
{
    public long? Size { get; init; }

    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>Reads a line of <see cref="OrphanCommands.Files"/>; null if it is not one, as for a name with a line break.</summary>
    /// <param name="line">The line.</param>
    /// <param name="sizes">The sizes of directories.</param>
    public static FoundFile? Of(string line, Dictionary<string, long?> sizes)
    {
        if (line.Split('|', 4) is not [var type, var size, var time, var path]) return null;
        if (path.Split('/').Contains("..")) return null;
        var isDirectory = type == "directory";
        return new(path, isDirectory)
        {
            Size = isDirectory ? sizes.GetValueOrDefault(path) : HostInventory.Number(size),
            // The largest time that a DateTimeOffset can hold.
            ModifiedAt = HostInventory.Number(time) is { } seconds and < 253_402_300_800
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
        };
    }
}
