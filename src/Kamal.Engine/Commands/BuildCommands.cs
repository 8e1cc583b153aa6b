using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Commands;

/// <summary>The build, with Kamal 2.12's options. Build arguments are redacted when shown; secrets are passed in the environment.</summary>
/// <param name="configuration">The configuration; its version must be known.</param>
/// <param name="variable">Reads the environment variables that the configuration may use; null for this process's environment.</param>
internal sealed partial class BuildCommands(
    KamalConfiguration configuration, BuilderCommands builder, Func<string, string?>? variable = null)
{
    /// <summary>The suffix of versions built from the working directory.</summary>
    private const string DirtySuffix = "-dirty";

    private readonly BuilderConfiguration _build = configuration.Builder;
    private readonly LocalShellText _text = new(variable ?? OperatorVariables.Read);

    /// <summary>Whether this machine is Windows, whose SSH agent is not named by a variable.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>The build context: an address, or a directory relative to where the build runs.</summary>
    public string Context => _text.Expand(_build.Context ?? ".");

    /// <summary>Whether the context is an address, so that no local file is used.</summary>
    public bool HasRemoteContext => Context.Contains("://", StringComparison.Ordinal)
        || Context.StartsWith("git@", StringComparison.Ordinal);

    /// <summary>The Dockerfile, relative to where the build runs.</summary>
    public string Dockerfile => _text.Expand(_build.Dockerfile);

    /// <summary>The names of the image.</summary>
    public ImmutableArray<string> Tags(bool dirty) => Tags(configuration, dirty);

    /// <summary>The names of an image.</summary>
    public static ImmutableArray<string> Tags(KamalConfiguration configuration, bool dirty) =>
        dirty
            ? [configuration.AbsoluteImage + DirtySuffix, configuration.LatestImage + DirtySuffix]
            : [configuration.AbsoluteImage, configuration.LatestImage];

    /// <summary>Builds the image.</summary>
    /// <param name="output">Where the result goes: <c>registry</c> or <c>docker</c>.</param>
    /// <param name="noCache">Builds without a cache.</param>
    /// <param name="dirty">Builds from the working directory, and names the image accordingly.</param>
    public LocalCommand Build(string output, bool noCache = false, bool dirty = false) =>
        builder.Kind == BuilderKind.Pack ? Pack(noCache, dirty) : Buildx(output, noCache, dirty);

    /// <summary>The commands after the build: buildpacks leave the image on this machine.</summary>
    public IReadOnlyList<LocalCommand> Export(string output) =>
        builder.Kind == BuilderKind.Pack && output == "registry"
            ? [LocalCommand.Of("docker", "push", configuration.AbsoluteImage), LocalCommand.Of("docker", "push", configuration.LatestImage)]
            : [];

    private LocalCommand Buildx(string output, bool noCache, bool dirty)
    {
        var command = LocalCommand.Of("docker", "buildx", "build", $"--output=type={output}");
        if (!builder.Architectures.IsEmpty)
        {
            command = command.Add("--platform", string.Join(',', builder.Architectures.Select(architecture => "linux/" + architecture)));
        }
        if (builder.Name is { } name) command = command.Add("--builder", name);
        command = command.Add(TagArguments(dirty)).Add(CacheArguments()).Add("--label", $"service={configuration.Service}");
        foreach (var argument in _build.Args) command = command.Add("--build-arg", Assignment(argument));
        foreach (var secret in _build.Secrets) command = command.Add("--secret", $"id={secret}");
        if (!HasRemoteContext || _build.Dockerfile != new BuilderConfiguration().Dockerfile) command = command.Add("--file", Dockerfile);
        if (_build.Target is { Length: > 0 } target) command = command.Add("--target", target);
        if (_build.Ssh is { Length: > 0 } ssh) command = command.Add("--ssh", Agent(ssh));
        if (_build.Provenance is { } provenance) command = command.Add("--provenance", provenance);
        if (_build.Sbom is { } sbom) command = command.Add("--sbom", sbom);
        if (noCache) command = command.Add("--no-cache");
        command = WithCacheToken(command.Add(Context));
        // The remote engine fetches the registry's token itself, with the credentials of that machine (Kamal 2.12).
        return builder.IsRemote && !dirty ? command.WithVariable("BUILDKIT_NO_CLIENT_TOKEN", "1") : command;
    }

    /// <summary>The forwarded agent. On Windows, no variable names it, and buildx finds it by the ID alone, without <c>=</c>.</summary>
    private string Agent(string ssh)
    {
        var agent = _text.Expand(ssh);
        return IsWindows && agent.EndsWith('=') ? agent[..^1] : agent;
    }

    private LocalCommand Pack(bool noCache, bool dirty)
    {
        var command = LocalCommand.Of("pack", "build", configuration.Repository);
        if (!builder.Architectures.IsEmpty) command = command.Add("--platform", $"linux/{builder.Architectures[0]}");
        command = command.Add("--creation-time", "now", "--builder", _build.PackBuilder!);
        foreach (var buildpack in _build.Buildpacks.Append("paketo-buildpacks/image-labels"))
        {
            command = command.Add("--buildpack", buildpack);
        }
        command = command.Add(TagArguments(dirty));
        if (noCache) command = command.Add("--clear-cache");
        command = command.Add("--env", $"BP_IMAGE_LABELS=service={configuration.Service}");
        foreach (var argument in _build.Args) command = command.Add("--env", Assignment(argument));
        // pack takes a name without a value from its environment, so no secret is an argument.
        foreach (var secret in _build.Secrets) command = command.Add("--env", secret);
        return command.Add("--path", Context);
    }

    private LocalText[] TagArguments(bool dirty) => [.. Tags(dirty).SelectMany(tag => new LocalText[] { "-t", tag })];

    private LocalText Assignment(EnvVariable variable) =>
        variable.Value is { } value
            ? LocalText.Redacted($"{variable.Name}={_text.Value(value)}", $"{variable.Name}={ShellWord.Redaction}")
            : variable.Name;

    private LocalText[] CacheArguments()
    {
        if (_build.Cache is not { } cache) return [];
        var options = CacheOptions().Where(option => !IsToken(option)).ToList();
        var registry = configuration.Registry.Server is { } server ? server + "/" : "";
        var image = $"ref={registry}{cache.Image ?? configuration.Image + "-build-cache"}";
        IEnumerable<string> to = cache.Type == "gha" ? ["type=gha", .. options] : ["type=registry", image, .. options];
        IEnumerable<string> from = cache.Type == "gha"
            ? ["type=gha", .. options.Where(option => GhaReadOption().IsMatch(option))]
            : ["type=registry", image];
        return ["--cache-to", CacheText(to), "--cache-from", CacheText(from)];
    }

    /// <summary>
    /// Passes the token of GitHub's cache in the environment, so that it is not an argument. The last token wins, as in buildx.
    /// </summary>
    private LocalCommand WithCacheToken(LocalCommand command) =>
        CacheOptions().LastOrDefault(IsToken) is { } token
            ? command.WithVariable("ACTIONS_RUNTIME_TOKEN", LocalText.Redacted(Unquoted(token).Split('=', 2)[1]))
            : command;

    private bool IsToken(string option) =>
        _build.Cache?.Type == "gha" && Unquoted(option).StartsWith("token=", StringComparison.OrdinalIgnoreCase);

    /// <summary>The cache options, which are separated as in a line of CSV.</summary>
    private IEnumerable<string> CacheOptions() =>
        _build.Cache?.Options is { Length: > 0 } given ? CsvField().Matches(_text.Expand(given)).Select(match => match.Value) : [];

    private static string Unquoted(string field) =>
        field is ['"', .., '"'] ? field[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : field;

    private static LocalText CacheText(IEnumerable<string> parts)
    {
        var text = string.Join(',', parts);
        return LocalText.Redacted(text, Token().Replace(text, "$1" + ShellWord.Redaction));
    }

    [GeneratedRegex("(?<=^|,)(?:\"(?:[^\"]|\"\")*\"|[^,]*)(?=,|$)")]
    private static partial Regex CsvField();

    [GeneratedRegex("^(url|url_v2|token|scope|timeout)=")]
    private static partial Regex GhaReadOption();

    [GeneratedRegex("(?<=^|,)((?:token|secret_access_key|session_token)=)[^,]*")]
    private static partial Regex Token();
}
