using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>A container that is compared with what its configuration would make; see <see cref="DriftCommands"/>.</summary>
/// <param name="Name">The container's name.</param>
/// <param name="Number">Its number in the script.</param>
internal sealed record ComparedContainer(string Name, int Number)
{
    /// <summary>The variable that holds the volumes that were there before.</summary>
    public const string Volumes = "volumes";

    /// <summary>Creates the second container, of an image.</summary>
    public required Func<ShellWord, ComparisonMark, ShellCommand> Create { get; init; }

    /// <summary>The secret variables.</summary>
    public StepInput? Input { get; init; }

    /// <summary>The restart policy that is wanted.</summary>
    public string RestartPolicy { get; init; } = "unless-stopped";

    /// <summary>Whether the host name in the container is random.</summary>
    public bool HasRandomHostName { get; init; }

    /// <summary>The key that a mount belongs to.</summary>
    public Func<string, string> KeyOfMount { get; init; } = _ => "volumes";

    private string Image => $"image_{Number}";

    private string Made => $"made_{Number}";

    private string InspectStep => $"Inspect {Name}";

    private string MakeStep => $"Create the comparison container of {Name}";

    private string InspectMadeStep => $"Inspect the comparison container of {Name}";

    private string VariablesStep => $"Compare the variables of {Name}";

    /// <summary>The steps that compare it; they leave nothing behind.</summary>
    /// <param name="run">What tells this run's containers from others'.</param>
    public IEnumerable<Step> Look(string run)
    {
        var (exists, made, mark) = (IsSet(Image), IsSet(Made), new ComparisonMark(run, Number));
        yield return new($"Look for {Name}", DriftCommands.ImageOf(Name))
        {
            Effect = StepEffect.ReadOnly, CaptureAs = Image, IgnoreFailure = true,
        };
        yield return new(MakeStep, Create(ShellWord.Variable(Image), mark).DiscardOutput())
        {
            Input = Input, IgnoreFailure = true, When = exists,
        };
        yield return new($"Find the comparison container of {Name}", DriftCommands.Find(mark))
        {
            Effect = StepEffect.ReadOnly, Run = StepRun.Always, CaptureAs = Made, When = exists,
        };
        yield return new(InspectStep, DriftCommands.Inspect(Name)) { Effect = StepEffect.ReadOnly, When = exists };
        yield return new(InspectMadeStep, DriftCommands.Inspect(ShellWord.Variable(Made))) { Effect = StepEffect.ReadOnly, When = made };
        yield return new(VariablesStep, DriftCommands.DifferentVariables(Name, ShellWord.Variable(Made)))
        {
            Effect = StepEffect.ReadOnly, When = made,
        };
        yield return new(
            $"Remove the comparison container of {Name}", DriftCommands.Remove(ShellWord.Variable(Made), ShellWord.Variable(Volumes)))
        {
            Run = StepRun.Always, IgnoreFailure = true, When = made,
        };
    }

    /// <summary>What they found; null if there is no such container.</summary>
    /// <exception cref="JsonException">The host's answer cannot be read.</exception>
    public ContainerReading? Read(ScriptResult result)
    {
        if (result.Find(InspectStep) is not { Status: StepStatus.Succeeded, Output.Length: > 0 } inspected) return null;
        using var json = JsonDocument.Parse(inspected.Output);
        var runs = json.RootElement.Clone();
        var reading = new ContainerReading(Text(runs, "id"), Text(runs, "state"), Text(runs, "image"), Text(runs, "imageId"), runs);
        if (result.Find(InspectMadeStep) is not { Status: StepStatus.Succeeded, Output.Length: > 0 } other)
        {
            return reading with { Problem = result.Find(MakeStep)?.ErrorOutput is { Length: > 0 } said ? said : "docker create failed" };
        }

        using var wanted = JsonDocument.Parse(other.Output);
        var drift = new ContainerDrift(runs, wanted.RootElement.Clone())
        {
            RestartPolicy = RestartPolicy, HasRandomHostName = HasRandomHostName, KeyOfMount = KeyOfMount,
        };
        ImmutableArray<string> variables =
            [.. result.Find(VariablesStep)!.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
        IEnumerable<Difference> environment = variables.IsEmpty ? [] : [new("env") { Names = variables }];
        return reading with { Wanted = wanted.RootElement.Clone(), Differences = [.. environment, .. drift.Differences()] };
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    private static ShellCommand IsSet(string variable) => ShellCommand.Of("[", "-n", ShellWord.Variable(variable), "]");
}

/// <summary>What there is of a container, and in which keys it differs from its configuration.</summary>
internal sealed record ContainerReading(string Id, string State, string Image, string ImageId, JsonElement Runs)
{
    /// <summary>Whether it runs.</summary>
    public bool IsRunning => State is "running" or "restarting";

    /// <summary>What the configuration would make; undefined if that failed.</summary>
    public JsonElement Wanted { get; init; }

    /// <summary>The keys that differ, without the image.</summary>
    public ImmutableArray<Difference> Differences { get; init; } = [];

    /// <summary>Why Docker would not create it as configured, or null.</summary>
    public string? Problem { get; init; }
}
