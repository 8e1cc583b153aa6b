using System.Collections.Immutable;
using Kamal.Engine.Configuration.Loading;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;
using Kamal.Engine.Local;
using Kamal.Engine.Templates;

namespace Kamal.Engine.Configuration;

/// <summary>
/// Loads deploy.yml: evaluates templates, parses YAML, merges the destination, validates, and creates the engine's records.
/// </summary>
/// <param name="script">Evaluates <c>deploy.ps1</c>; null without PowerShell.</param>
/// <param name="runner">Runs commands in templates; null for a runner without a terminal.</param>
/// <param name="note">Receives notes about templates: that ruby rendered one, and what one prints to the screen.</param>
public sealed class ConfigurationLoader(
    IYamlReader yaml, IConfigurationScript? script = null, ILocalRunner? runner = null, Action<string>? note = null)
{
    /// <summary>Loads a configuration.</summary>
    /// <param name="cancellationToken">Stops commands in templates.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConfigurationNotFound"/>: a file does not exist.
    /// <see cref="KamalErrorId.ConfigurationInvalid"/>: lists all problems.</exception>
    public async Task<KamalConfiguration> LoadAsync(ConfigurationRequest request, CancellationToken cancellationToken)
    {
        var check = await CheckAsync(request, cancellationToken).ConfigureAwait(false);
        return check.Configuration ?? throw Invalid(check);
    }

    /// <summary>Loads a configuration and returns its problems instead of throwing.</summary>
    /// <param name="cancellationToken">Stops commands in templates.</param>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ConfigurationNotFound"/>: a file does not exist. <see cref="KamalErrorId.FileUnavailable"/>: it
    /// cannot be read.
    /// <see cref="KamalErrorId.ArgumentInvalid"/>: the requested version or destination is not valid.
    /// </exception>
    public async Task<ConfigurationCheck> CheckAsync(ConfigurationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Version is { } version) GivenNames.Version(version);
        var problems = new List<ConfigurationProblem>();
        var sources = new ConfigurationSources(request, problems);
        var environment = new TemplateEnvironment(request.ProjectDirectory, runner ?? new LocalRunner(), request.RunsCommands)
        {
            Yaml = yaml,
            Note = note,
            ["KAMAL_DESTINATION"] = request.Destination,
        };
        ConfigMap? root = null;
        foreach (var file in sources.Files)
        {
            var node = await ReadAsync(file, request, environment, problems, cancellationToken).ConfigureAwait(false);
            if (node is null) return Failed(problems);
            root = root is null ? node : root.DeepMerge(node);
        }

        if (root is null) return Failed(problems);
        new ShapeValidator(problems).CheckSection(root, ConfigurationMetadata.Root, "");
        var context = new RuleContext(root, request, problems);
        RootRules.Check(context);
        DotnetRules.Check(context);
        ProxyRules.Check(context);
        AccessoryRules.Check(context);
        if (problems.Exists(problem => !problem.IsWarning)) return Failed(problems);
        var warnings = InOrder(problems);
        var configuration = ConfigurationResolver.Resolve(root, request, sources.BaseFile) with
        {
            RunsCommands = request.RunsCommands,
            Warnings = warnings,
            LoadedVariables = environment.Loaded.ToImmutableDictionary(pair => pair.Key, pair => new SecretValue(pair.Value)),
        };
        return new(configuration, []) { Warnings = warnings };
    }

    private async Task<ConfigMap?> ReadAsync(
        ConfigurationFile file, ConfigurationRequest request, TemplateEnvironment environment,
        List<ConfigurationProblem> problems, CancellationToken cancellationToken)
    {
        ConfigNode? node;
        if (file.IsScript)
        {
            if (!request.RunsCommands)
            {
                problems.Add(
                    ConfigurationProblem.At(
                        new(file.Name, 0, 0), "",
                        "this file is a script, which -NoTemplateCommand (--no-template-command) does not run"));
                return null;
            }

            if (script is null)
            {
                throw new KamalException(
                    KamalErrorId.ConfigurationInvalid, $"{file.Name} requires PowerShell, which is not available here.");
            }
            node = ScriptValues.ToNode(
                await script.EvaluateAsync(file.Path, request.Destination, cancellationToken).ConfigureAwait(false), file.Name,
                problems);
        }
        else
        {
            var text = await ConfigurationText.ReadAsync(file, problems, cancellationToken).ConfigureAwait(false);
            var source = text is null
                ? null
                : await new TemplateRenderer(file.Name, environment, problems, cancellationToken).RenderAsync(text).ConfigureAwait(false);
            node = source is null ? null : yaml.Read(source, problems);
        }

        switch (node)
        {
            case null:
                return null;
            case ConfigMap map:
                return map;
            case ConfigScalar { Kind: ScalarKind.Null } empty when file.IsDestination:
                return new(empty.Position, []);
            case ConfigScalar { Kind: ScalarKind.Null }:
                problems.Add(ConfigurationProblem.At(new(file.Name, 0, 0), "", "the file is empty"));
                return null;
            default:
                problems.Add(ConfigurationProblem.At(node.Position, "", $"the file should be a map of keys, but is {node.Description}"));
                return null;
        }
    }

    private static ConfigurationCheck Failed(List<ConfigurationProblem> problems) =>
        new(null, InOrder(problems.Where(problem => !problem.IsWarning)))
        {
            Warnings = InOrder(problems.Where(problem => problem.IsWarning)),
        };

    private static ImmutableArray<ConfigurationProblem> InOrder(IEnumerable<ConfigurationProblem> problems) =>
        [.. problems.Distinct().OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line)
            .ThenBy(problem => problem.Column)];

    /// <summary>Names the warnings too, such as a command without output: what is missing may follow from them.</summary>
    private static KamalException Invalid(ConfigurationCheck check)
    {
        var (problems, warnings) = (check.Problems, check.Warnings);
        var count = problems.Length == 1 ? "1 problem" : $"{problems.Length} problems";
        return new(
            KamalErrorId.ConfigurationInvalid,
            $"The configuration has {count}:{string.Concat(problems.Select(problem => $"\n  {problem}"))}"
                + string.Concat(warnings.Select(warning => $"\n  warning: {warning}")))
        {
            Problems = problems,
            Recommendation = "Fix the lines above. Test-KamalConfig (kamal config) checks the configuration without connecting to a host.",
        };
    }
}
