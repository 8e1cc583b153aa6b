using Kamal.Common;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Templates;

namespace Kamal.Engine.Operations;

/// <summary>The files that the project has for an accessory, read before any host is touched.</summary>
internal static class AccessoryFiles
{
    private const string DefaultMode = "0755";

    /// <summary>The most that one file may have; it is held in memory while it is sent.</summary>
    private const int MaxFile = 256 * 1024 * 1024;

    /// <summary>The steps that write them on a host.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.FileUnavailable"/>: one is missing.</exception>
    public static async Task<IReadOnlyList<Step>> ReadAsync(Run run, AccessoryConfiguration accessory)
    {
        var commands = new AccessoryCommands(run.Context.Configuration, accessory);
        List<Step> steps = [];
        foreach (var file in accessory.Files)
        {
            var content = await ReadAsync(run, accessory, file.Local).ConfigureAwait(false);
            steps.Add(FileSteps.WriteInPlace($"Write {file.Remote}", commands.FilePath(file), file.Mode ?? DefaultMode, file.Owner,
                content) with
            {
                Accessory = accessory.Name,
            });
        }

        return steps;
    }

    private static async Task<StepInput> ReadAsync(Run run, AccessoryConfiguration accessory, string local)
    {
        if (run.IsView) return StepInput.Of("", local);
        var path = Path.GetFullPath(local, run.Context.Configuration.ProjectDirectory);
        if (Directory.Exists(path))
        {
            throw new KamalException(
                KamalErrorId.FileUnavailable, $"{path} is a folder, but accessories/{accessory.Name}/files takes single files.")
            {
                Accessory = accessory.Name,
                Recommendation = $"Name each file of the folder in {run.Context.Configuration.ConfigFile}, "
                    + "or copy the folder to the host yourself and mount it with `volumes`.",
            };
        }

        try
        {
            if (local.EndsWith("erb", StringComparison.Ordinal))
            {
                var template = await BoundedFile.ReadTextAsync(path, BoundedFile.SettingsLimit, run.Cancellation).ConfigureAwait(false);
                template = await LineEnds.OfTemplateAsync(run, path, template).ConfigureAwait(false);
                return StepInput.Of(await RenderAsync(run, accessory, local, template).ConfigureAwait(false), local);
            }

            var content = await BoundedFile.ReadAsync(path, MaxFile, run.Cancellation).ConfigureAwait(false);
            if (await LineEnds.FindTroubleAsync(run, path, content).ConfigureAwait(false) is { } trouble)
            {
                run.Sink.Warn($"The file {local} of the accessory {accessory.Name} has CRLF line endings{trouble}");
            }

            return StepInput.Of(content, local);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KamalException(
                KamalErrorId.FileUnavailable, $"The file {path} of the accessory {accessory.Name} cannot be read: {error.Message}", error)
            {
                Accessory = accessory.Name,
                Recommendation = $"Put it there, or correct accessories/{accessory.Name}/files in {run.Context.Configuration.ConfigFile}.",
            };
        }
    }

    /// <summary>A template sees the accessory's own variables, secrets too, as variables of the environment.</summary>
    private static async Task<string> RenderAsync(Run run, AccessoryConfiguration accessory, string local, string text)
    {
        var environment = new TemplateEnvironment(run.Context.Configuration.ProjectDirectory, run.Context.Local,
            run.Context.Configuration.RunsCommands)
        {
            Note = text => run.Sink.Detail(text),
            ["KAMAL_DESTINATION"] = run.Context.Configuration.Destination,
        };
        foreach (var (name, value) in run.Context.Configuration.LoadedVariables) environment[name] = value.Reveal();
        foreach (var variable in accessory.Env.Clear) environment[variable.Name] = variable.Value ?? "";
        foreach (var binding in accessory.Env.Secret)
        {
            environment[binding.Name] = (await run.Context.Secrets.GetAsync(binding.Key, run.Cancellation).ConfigureAwait(false)).Reveal();
        }

        List<ConfigurationProblem> problems = [];
        var rendered = await new TemplateRenderer(local, environment, problems, run.Cancellation).RenderAsync(text).ConfigureAwait(false);
        if (rendered is not null) foreach (var warning in problems) run.Sink.Warn(warning.ToString());
        return rendered?.Text ?? throw new KamalException(KamalErrorId.ConfigurationInvalid,
            $"The template {local} of the accessory {accessory.Name} cannot be rendered: {string.Join("; ", problems)}")
        {
            Accessory = accessory.Name,
            Problems = [.. problems],
        };
    }
}
