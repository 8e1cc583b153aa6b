using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Commands;

namespace Kamal.Engine.Operations;

/// <summary>
/// Compares Docker's answers about two containers of the same image: the one that runs, and the one that was made of the configuration.
/// </summary>
/// <param name="runs">The container that runs; see <see cref="DriftCommands.Inspect"/>.</param>
/// <param name="wanted">The one that the configuration makes.</param>
internal sealed class ContainerDrift(JsonElement runs, JsonElement wanted)
{
    /// <summary>Docker's setting for ports that a container listens on; those that are published are among them.</summary>
    public const string ExposedPorts = "ExposedPorts";

    /// <summary>Settings that are compared under a key of their own, or that the comparison itself decides.</summary>
    private static readonly ImmutableHashSet<string> Elsewhere =
    [
        "Binds", "Mounts", "PortBindings", "LogConfig", "NetworkMode", "RestartPolicy", "ContainerIDFile", "ConsoleSize",
        // They depend on the engine's version.
        "MaskedPaths", "ReadonlyPaths", "Annotations",
    ];

    private static readonly string[] EndpointSettings = ["IPAMConfig", "Links"];

    private static readonly string[] Settings =
        ["Domainname", "User", "Tty", "OpenStdin", "Entrypoint", "Healthcheck", "WorkingDir", "StopSignal", "StopTimeout"];

    /// <summary>The restart policy that is wanted, as Docker's option takes it.</summary>
    public required string RestartPolicy { get; init; }

    /// <summary>Whether the host name in the container is random.</summary>
    public bool HasRandomHostName { get; init; }

    /// <summary>The key that a mount belongs to.</summary>
    public required Func<string, string> KeyOfMount { get; init; }

    /// <summary>The keys whose values differ, each once.</summary>
    public IEnumerable<Difference> Differences() => Difference.Merged(All());

    private IEnumerable<Difference> All()
    {
        if (!Same(Config(runs, "Cmd"), Config(wanted, "Cmd")))
        {
            yield return new("cmd") { From = Words(Config(runs, "Cmd")), To = Words(Config(wanted, "Cmd")) };
        }

        if (!Same(Host(runs, "PortBindings"), Host(wanted, "PortBindings")))
        {
            yield return new("port") { From = Ports(runs), To = Ports(wanted) };
        }
        else if (!Same(Config(runs, ExposedPorts), Config(wanted, ExposedPorts))) yield return new("options") { Names = [ExposedPorts] };

        foreach (var label in DifferentLabels()) yield return new("labels") { Names = [label] };
        foreach (var bind in Mounts(runs).Except(Mounts(wanted))) yield return new(KeyOfMount(bind)) { Names = [Destination(bind)] };
        foreach (var bind in Mounts(wanted).Except(Mounts(runs))) yield return new(KeyOfMount(bind)) { Names = [Destination(bind)] };
        if (!Same(Host(runs, "LogConfig"), Host(wanted, "LogConfig"))) yield return new("logging");
        var (network, wantedNetwork) = (Networks(runs), Networks(wanted));
        if (network != wantedNetwork) yield return new("network") { From = network, To = wantedNetwork };
        foreach (var name in DifferentSettings()) yield return new("options") { Names = [name] };
    }

    private IEnumerable<string> DifferentLabels()
    {
        var (have, want) = (Texts(Config(runs, "Labels")), Texts(Config(wanted, "Labels")));
        return have.Keys.Union(want.Keys).Except(DriftCommands.HiddenLabels).Except([DriftCommands.Label, DriftCommands.NumberLabel])
            .Where(name => have.GetValueOrDefault(name) != want.GetValueOrDefault(name));
    }

    private IEnumerable<string> DifferentSettings()
    {
        foreach (var name in Settings.Where(name => !Same(Config(runs, name), Config(wanted, name)))) yield return name;
        if (!HasRandomHostName && HostNameOf(runs) != HostNameOf(wanted)) yield return "Hostname";
        if (Restarts(Host(runs, "RestartPolicy")) != Normal(RestartPolicy)) yield return "RestartPolicy";
        foreach (var name in Properties(runs.GetProperty("host")).Union(Properties(wanted.GetProperty("host"))).Except(Elsewhere)
            .Where(name => !Same(Host(runs, name), Host(wanted, name))))
        {
            yield return name;
        }

        foreach (var name in EndpointSettings.Where(name => !Same(Endpoint(runs, name), Endpoint(wanted, name))))
        {
            yield return name;
        }

        if (!Aliases(runs).SequenceEqual(Aliases(wanted))) yield return "Aliases";
    }

    /// <summary>Whether two values mean the same: Docker writes an option that is not set in several ways.</summary>
    private static bool Same(JsonElement? one, JsonElement? other) =>
        IsEmpty(one) && IsEmpty(other) || one is { } a && other is { } b && JsonElement.DeepEquals(a, b);

    private static bool IsEmpty(JsonElement? value) => value is null || value.Value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => true,
        JsonValueKind.Array => value.Value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.Value.EnumerateObject().Any(),
        JsonValueKind.String => value.Value.GetString() is null or "",
        JsonValueKind.Number => value.Value.GetRawText() == "0",
        _ => false,
    };

    private static JsonElement? Config(JsonElement container, string name) => Find(container.GetProperty("config"), name);

    private static JsonElement? Host(JsonElement container, string name) => Find(container.GetProperty("host"), name);

    private static JsonElement? Find(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : null;

    private static IEnumerable<string> Properties(JsonElement json) => json.EnumerateObject().Select(property => property.Name);

    /// <summary>The container's settings in the network that it was made for.</summary>
    private static JsonElement? Endpoint(JsonElement container, string name) =>
        Find(container.GetProperty("networks"), Text(Host(container, "NetworkMode"))) is { } network ? Find(network, name) : null;

    /// <summary>The aliases that were asked for: old engines add the container's ID and host name.</summary>
    private static IEnumerable<string> Aliases(JsonElement container) => Items(Endpoint(container, "Aliases"))
        .Where(alias => alias != Text(Config(container, "Hostname")))
        .Where(alias => !container.GetProperty("id").GetString()!.StartsWith(alias, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static string Networks(JsonElement container) => string.Join(", ",
        Properties(container.GetProperty("networks")).Append(Text(Host(container, "NetworkMode"))).Distinct()
            .Order(StringComparer.Ordinal));

    private static string HostNameOf(JsonElement container)
    {
        var name = Text(Config(container, "Hostname"));
        return container.GetProperty("id").GetString()!.StartsWith(name, StringComparison.Ordinal) ? "" : name;
    }

    private static string Restarts(JsonElement? policy)
    {
        var name = policy is { } json ? Text(Find(json, "Name")) : "";
        var count = policy is { } limit ? Find(limit, "MaximumRetryCount")?.GetRawText() : null;
        return Normal(count is null or "0" ? name : $"{name}:{count}");
    }

    private static string Normal(string policy) => policy.Length == 0 ? "no" : policy;

    private static string Ports(JsonElement container) => string.Join(", ",
        Host(container, "PortBindings") is { ValueKind: JsonValueKind.Object } ports
            ? ports.EnumerateObject().SelectMany(port => port.Value.EnumerateArray().Select(binding =>
                string.Join(':', new[] { Text(Find(binding, "HostIp")), Text(Find(binding, "HostPort")), port.Name }
                    .Where(part => part.Length > 0))))
            : []);

    private static IEnumerable<string> Mounts(JsonElement container) =>
    [
        .. Items(Host(container, "Binds")),
        .. Host(container, "Mounts") is { ValueKind: JsonValueKind.Array } mounts
            ? mounts.EnumerateArray().Select(mount => $"{mount.GetRawText()}:{Text(Find(mount, "Target"))}") : [],
        .. Config(container, "Volumes") is { ValueKind: JsonValueKind.Object } volumes
            ? volumes.EnumerateObject().Select(volume => $":{volume.Name}") : [],
    ];

    /// <summary>The path in the container: what follows the first colon.</summary>
    public static string Destination(string bind) => bind.StartsWith('{')
        ? bind[(bind.LastIndexOf(':') + 1)..]
        : bind.Split(':') is { Length: > 1 } parts ? parts[1] : bind;

    private static ImmutableDictionary<string, string> Texts(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().ToImmutableDictionary(item => item.Name, item => Text(item.Value))
            : ImmutableDictionary<string, string>.Empty;

    private static IEnumerable<string> Items(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray().Select(item => Text(item)) : [];

    private static string Words(JsonElement? json) => string.Join(' ', Items(json));

    private static string Text(JsonElement? json) => json is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
}
