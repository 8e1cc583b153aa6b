using System.Text.Json;
using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The proxy's own container on a host, compared with <c>proxy.run</c> or the host's boot_config files.</summary>
internal sealed class LiveProxy(ProxyCommands proxy, string host)
{
    private const string ImageStep = "Find the image of the next proxy";
    private const string RunDirectory = "run_directory";
    private const string Cost = "requests to every app on the host fail from the time the proxy stops until the new one listens";

    private readonly ComparedContainer _container = new(ProxyCommands.ContainerName, 0)
    {
        Create = (image, mark) => proxy.Create(host, image, mark),
        KeyOfMount = bind => ContainerDrift.Destination(bind) == HostPaths.AppsInProxy ? RunDirectory : "volumes",
    };

    public IEnumerable<Step> Look(string run) =>
        [.. _container.Look(run), new(ImageStep, proxy.ImageFor(host)) { Effect = StepEffect.ReadOnly, IgnoreFailure = true }];

    /// <summary>What differs.</summary>
    public IEnumerable<KamalPlanChange> Changes(ScriptResult result)
    {
        var image = result.Find(ImageStep)?.Output ?? "";
        if (_container.Read(result) is not { } found)
        {
            yield return Change("Boot") with { To = image, AppliedBy = "Invoke-KamalProxyBoot" };
            yield break;
        }

        if (!found.IsRunning)
        {
            yield return Change("Start") with { From = found.State, To = "running", AppliedBy = "Invoke-KamalProxyBoot" };
        }

        foreach (var difference in Difference.Merged([.. Image(found.Image, image), .. Differences(found)]))
        {
            yield return Change("Reboot") with
            {
                Key = difference.Key == RunDirectory ? RunDirectory : "proxy/run/" + difference.Key,
                Names = difference.Names,
                From = difference.From,
                To = difference.To,
                Cost = Cost,
            };
        }

        if (found.Problem is { } problem) yield return Change("Reboot") with { To = $"cannot be created: {problem}", Cost = Cost };
    }

    /// <summary>The keys of <c>proxy.run</c> that an image's name consists of.</summary>
    private static IEnumerable<Difference> Image(string from, string to)
    {
        var (old, wanted) = (ImageDrift.Split(from), ImageDrift.Split(to));
        if (old.Tag != wanted.Tag) yield return new("version") { From = old.Tag, To = wanted.Tag };
        if (old.Registry != wanted.Registry) yield return new("registry") { From = old.Registry, To = wanted.Registry };
        if (old.Name != wanted.Name) yield return new("repository") { From = old.Name, To = wanted.Name };
    }

    /// <summary>The keys of <c>proxy.run</c> behind what Docker says of the container.</summary>
    private static IEnumerable<Difference> Differences(ContainerReading found)
    {
        var keys = found.Differences.SelectMany(one => Keys(one, found)).ToList();
        // The metrics are on a port that is exposed.
        return keys.Exists(one => one.Key == "metrics_port")
            ? keys.Where(one => one.Key != "options" || !one.Names.SequenceEqual([ContainerDrift.ExposedPorts]))
            : keys;
    }

    private static IEnumerable<Difference> Keys(Difference difference, ContainerReading found) => difference.Key switch
    {
        "cmd" => Command(difference),
        "port" => Ports(found),
        "logging" => [difference with { Key = "log_max_size" }],
        RunDirectory => [difference with { Names = [] }],
        _ => [difference with { Key = "options", Names = difference.Names.IsEmpty ? [difference.Key] : difference.Names }],
    };

    private static IEnumerable<Difference> Command(Difference difference)
    {
        var (old, wanted) = ((difference.From ?? "").Split(' '), (difference.To ?? "").Split(' '));
        if (old.Contains("--debug") != wanted.Contains("--debug"))
        {
            yield return new("debug") { From = Flag(old.Contains("--debug")), To = Flag(wanted.Contains("--debug")) };
        }

        if (Metrics(old) is var from && Metrics(wanted) is var to && from != to) yield return new("metrics_port") { From = from, To = to };
    }

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Metrics(string[] words) =>
        Array.IndexOf(words, "--metrics-port") is >= 0 and var index && index + 1 < words.Length
        ? words[index + 1] : "";

    private static IEnumerable<Difference> Ports(ContainerReading found)
    {
        var (old, wanted) = (Bindings(found.Runs), Bindings(found.Wanted));
        if (old.Count == 0 != (wanted.Count == 0))
        {
            yield return new("publish") { From = Flag(old.Count > 0), To = Flag(wanted.Count > 0) };
            yield break;
        }

        foreach (var (port, key) in new[] { ("80/tcp", "http_port"), ("443/tcp", "https_port") })
        {
            var (from, to) = (Numbers(old, port), Numbers(wanted, port));
            if (from != to) yield return new(key) { From = from, To = to };
        }

        var (addresses, wantedAddresses) = (Addresses(old), Addresses(wanted));
        if (addresses != wantedAddresses) yield return new("bind_ips") { From = addresses, To = wantedAddresses };
        var others = old.Concat(wanted).Select(binding => binding.Port).Where(port => port is not ("80/tcp" or "443/tcp"))
            .Where(port => Numbers(old, port) != Numbers(wanted, port)).Distinct().ToList();
        if (others.Count > 0) yield return new("options") { Names = [.. others] };
    }

    private static List<(string Port, string Address, string Number)> Bindings(JsonElement container) =>
        container.GetProperty("host").TryGetProperty("PortBindings", out var ports) && ports.ValueKind == JsonValueKind.Object
            ? [.. ports.EnumerateObject().SelectMany(port => port.Value.EnumerateArray().Select(binding => (port.Name,
                binding.GetProperty("HostIp").GetString() ?? "", binding.GetProperty("HostPort").GetString() ?? "")))]
            : [];

    private static string Numbers(List<(string Port, string Address, string Number)> bindings, string port) =>
        string.Join(", ", bindings.Where(binding => binding.Port == port).Select(binding => binding.Number).Distinct().Order());

    private static string Addresses(List<(string Port, string Address, string Number)> bindings) =>
        string.Join(", ", bindings.Select(binding => binding.Address).Where(address => address.Length > 0).Distinct().Order());

    private KamalPlanChange Change(string action) => new(host, nameof(KamalContainerKind.Proxy), action)
    {
        Target = ProxyCommands.ContainerName, AppliedBy = "Invoke-KamalProxyReboot",
    };
}
