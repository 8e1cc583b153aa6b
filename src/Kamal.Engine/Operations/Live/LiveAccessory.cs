using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>An accessory on a host, compared with its configuration.</summary>
internal sealed class LiveAccessory
{
    private const string AppliedBy = "Sync-KamalAccessory";

    private readonly KamalContext _context;
    private readonly AccessoryConfiguration _accessory;
    private readonly AccessoryCommands _commands;
    private readonly string _host;
    private readonly ComparedContainer _container;
    private readonly IReadOnlyList<Step> _files;

    /// <param name="context">The context.</param>
    /// <param name="accessory">The accessory.</param>
    /// <param name="host">The host.</param>
    /// <param name="number">Its number in the script.</param>
    /// <param name="envFile">Its secret variables.</param>
    /// <param name="files">The steps that would write its files, in the order of the configuration.</param>
    public LiveAccessory(
        KamalContext context, AccessoryConfiguration accessory, string host, int number, StepInput envFile, IReadOnlyList<Step> files)
    {
        (_context, _accessory, _host, _files) = (context, accessory, host, files);
        _commands = new(context.Configuration, accessory);
        _container = new(accessory.ServiceName, number)
        {
            Create = (image, mark) => _commands.Create(host, image, mark),
            Input = envFile,
            RestartPolicy = accessory.RestartPolicy,
            KeyOfMount = KeyOf,
        };
    }

    private string ImageStep => $"Look for the image of {_accessory.ServiceName}";

    private string HashStep => $"Hash the files of {_accessory.ServiceName}";

    private string ModeStep => $"Read the modes of {_accessory.ServiceName}";

    private IReadOnlyList<string> Paths =>
        [.. _accessory.Files.Select(_commands.FilePath), .. _accessory.Directories.Select(_commands.DirectoryPath)];

    /// <summary>Its own certificate; null if it has none.</summary>
    public CertificateSteps? Certificate { get; init; }

    public IEnumerable<Step> Look(string run) => Steps(run).Select(step => step with { Accessory = _accessory.Name });

    private IEnumerable<Step> Steps(string run)
    {
        foreach (var step in _container.Look(run)) yield return step;
        yield return Read(ImageStep, DriftCommands.Image(_accessory.Image));
        if (Paths.Count > 0) yield return Read(ModeStep, DriftCommands.Modes(Paths));
        if (!_accessory.Files.IsEmpty) yield return Read(HashStep, DriftCommands.Hashes(_accessory.Files.Select(_commands.FilePath)));
    }

    /// <summary>What differs.</summary>
    /// <param name="result">The script's result.</param>
    /// <param name="proxyState">The proxy's services; undefined if the proxy does not answer.</param>
    /// <param name="sizes">Finds an image's size on the hosts that have it.</param>
    public IEnumerable<KamalPlanChange> Changes(ScriptResult result, JsonElement proxyState, Func<string, long?> sizes)
    {
        var image = ImageOn(result);
        if (_container.Read(result) is not { } found)
        {
            yield return Change("Boot") with
            {
                To = _accessory.Image,
                Size = image is null ? sizes(_accessory.Image) : null,
                AppliedBy = "Invoke-KamalAccessoryBoot",
            };
            yield break;
        }

        if (!found.IsRunning)
        {
            yield return Change("Start") with { From = found.State, To = "running", AppliedBy = "Start-KamalAccessory" };
        }

        IEnumerable<Difference> differences = [.. Image(found, image?.Id), .. found.Differences, .. Files(result), .. Route(proxyState)];
        foreach (var difference in Difference.Merged(differences))
        {
            yield return Change("Reboot") with
            {
                Key = difference.Key,
                Names = difference.Names,
                From = difference.From,
                To = difference.To,
                Size = difference.Key == "image" && image is null ? sizes(_accessory.Image) : null,
                Cost = Downtime(found),
                AppliedBy = AppliedBy,
            };
        }

        if (found.Problem is { } problem)
        {
            yield return Change("Reboot") with { To = $"cannot be created: {problem}", Cost = Downtime(found), AppliedBy = AppliedBy };
        }
    }

    /// <summary>The image's ID and size on the host; null if it has none.</summary>
    public (string Name, string Id, long Size)? ImageOn(ScriptResult result) =>
        LiveRole.ParseImage(_accessory.Image, result.Find(ImageStep));

    private IEnumerable<Difference> Image(ContainerReading found, string? id) => found.Image == _accessory.Image
        ? ImageDrift.Moved(found.Image, found.ImageId, id)
        : ImageDrift.Between(found.Image, _accessory.Image);

    private IEnumerable<Difference> Route(JsonElement state)
    {
        if (_accessory.Proxy is not { } proxy || state.ValueKind == JsonValueKind.Undefined) return [];
        return RouteDrift.Find(state, _accessory.ServiceName) is { } service
            ? RouteDrift.Between(_context.Configuration, proxy, service, Certificate?.FolderInProxy)
            : [new("proxy") { From = "no route", To = _accessory.ServiceName }];
    }

    private IEnumerable<Difference> Files(ScriptResult result)
    {
        var hashes = Lines(result, HashStep).Select(line => line.Split("  ", 2)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[1], parts => parts[0]);
        var modes = Lines(result, ModeStep).Select(line => line.Split(' ', 6)).Where(parts => parts.Length == 6)
            .ToDictionary(parts => parts[5]);
        foreach (var (file, step) in _accessory.Files.Zip(_files))
        {
            var path = _commands.FilePath(file);
            var hash = Convert.ToHexStringLower(SHA256.HashData(step.Input!.Content.Span));
            if (hashes.GetValueOrDefault(path) != hash || !Fits(modes.GetValueOrDefault(path), file.Mode ?? "0755", file.Owner))
            {
                yield return new("files") { Names = [file.Remote] };
            }
        }

        foreach (var directory in _accessory.Directories)
        {
            if (!Fits(modes.GetValueOrDefault(_commands.DirectoryPath(directory)), directory.Mode, directory.Owner))
            {
                yield return new("directories") { Names = [directory.Remote] };
            }
        }
    }

    /// <summary>Whether a file or directory is there with the mode and owner that are wanted.</summary>
    private static bool Fits(string[]? found, string? mode, string? owner)
    {
        if (found is null) return false;
        if (mode is not null && mode.TrimStart('0') != found[0].TrimStart('0')) return false;
        if (owner is null) return true;
        var parts = owner.Split(':', 2);
        return (parts[0].Length == 0 || parts[0] == found[1] || parts[0] == found[3])
            && (parts.Length == 1 || parts[1].Length == 0 || parts[1] == found[2] || parts[1] == found[4]);
    }

    private string KeyOf(string bind)
    {
        var to = ContainerDrift.Destination(bind);
        if (_accessory.Files.Any(file => file.Remote == to)) return "files";
        if (_accessory.Directories.Any(directory => directory.Remote == to)) return "directories";
        if (_accessory.Volumes.Any(volume => ContainerDrift.Destination(volume) == to)) return "volumes";
        var from = bind.Split(':')[0];
        if (_accessory.Directories.Any(directory => from == _commands.DirectoryPath(directory)
            || from.EndsWith("/" + _commands.DirectoryPath(directory), StringComparison.Ordinal))) return "directories";
        // A file has the same path below the accessory's directory as in the container; Kamal's own directories have another.
        return from.EndsWith($"/{_accessory.ServiceName}/{to.TrimStart('/')}", StringComparison.Ordinal) ? "files"
            : from.Contains($"/{_accessory.ServiceName}/", StringComparison.Ordinal) ? "directories"
            : "volumes";
    }

    private string Downtime(ContainerReading found)
    {
        var limit = found.Runs.GetProperty("config").TryGetProperty("StopTimeout", out var timeout)
            && timeout.ValueKind == JsonValueKind.Number ? timeout.GetInt32() : 10;
        return string.Create(CultureInfo.InvariantCulture,
            $"{_accessory.Name} does not answer while it stops (up to {limit} s) and starts");
    }

    private KamalPlanChange Change(string action) => new(_host, nameof(KamalContainerKind.Accessory), action)
    {
        Accessory = _accessory.Name, Target = _accessory.ServiceName,
    };

    private static string[] Lines(ScriptResult result, string step) =>
        result.Find(step)?.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static Step Read(string name, ShellCommand command) =>
        new(name, command) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };
}
