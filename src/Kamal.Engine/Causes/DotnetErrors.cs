using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Causes;

/// <summary>What MSBuild printed as errors of a build with the .NET SDK.</summary>
/// <param name="Lines">The errors, each once, in order, with paths relative to the project where they are in it.</param>
/// <param name="NextStep">What to do; null if the errors say it themselves.</param>
internal sealed partial record DotnetErrors(ImmutableArray<string> Lines, string? NextStep)
{
    private const int Most = 10;
    private const int LongestLine = 4000;

    /// <summary>
    /// A line of the output as it is shown: the SDK writes what it does with the image as <c>FILE(LINE,COLUMN): message : [TYPE] TEXT
    /// [PROJECT]</c>.
    /// </summary>
    public static string Shown(string line)
    {
        var at = line.IndexOf("): message : [", StringComparison.Ordinal);
        var from = at < 0 ? -1 : line.IndexOf("] ", at, StringComparison.Ordinal);
        if (from < 0) return line;
        var end = line.EndsWith(']') ? line.LastIndexOf(" [", StringComparison.Ordinal) : -1;
        return "  " + (end > from + 1 ? line[(from + 2)..end] : line[(from + 2)..]);
    }

    /// <summary>Reads the errors.</summary>
    /// <param name="output">What the build printed.</param>
    /// <param name="directory">Where it ran.</param>
    public static DotnetErrors Read(string output, string directory)
    {
        var errors = output.Split('\n').Select(line => Find(line.Trim())).OfType<Error>().ToList();
        var lines = errors.Select(error => Line(error, directory)).Distinct().ToList();
        var more = lines.Count - Most;
        return new(more > 0 ? [.. lines.Take(Most), $"… and {more} more"] : [.. lines],
            errors.Select(error => NextStepFor(error.Code)).FirstOrDefault(step => step is not null));
    }

    /// <summary>An error as MSBuild prints it: <c>ORIGIN: error CODE: TEXT [PROJECT]</c>, where only the text must be.</summary>
    private static Error? Find(string line)
    {
        if (line.Length > LongestLine) line = line[..LongestLine];
        foreach (var word in (string[])[": error", ": fatal error"])
        {
            var at = line.IndexOf(word, StringComparison.Ordinal);
            if (at >= 0 && Rest(line[(at + word.Length)..]) is { } rest) return new(line[..at].Trim(), rest.Code, rest.Text);
        }

        return line.StartsWith("error", StringComparison.Ordinal) && Rest(line["error".Length..]) is { } bare
            ? new("", bare.Code, bare.Text)
            : null;
    }

    private static (string Code, string Text)? Rest(string after)
    {
        var colon = after.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        var code = after[..colon].Trim();
        if (code.Length > 0 && (after[0] != ' ' || !code.All(char.IsAsciiLetterOrDigit) || !char.IsAsciiDigit(code[^1]))) return null;
        var text = after[(colon + 1)..].Trim();
        var project = text.EndsWith(']') ? text.LastIndexOf(" [", StringComparison.Ordinal) : -1;
        if (project > 0 && text[project..].Contains("proj", StringComparison.Ordinal)) text = text[..project];
        return text.Length > 0 ? (code, text) : null;
    }

    private static string Line(Error error, string directory)
    {
        var text = error.Code.Length > 0 ? $"error {error.Code}: {error.Text}" : $"error: {error.Text}";
        var inside = directory.TrimEnd('/', '\\');
        var origin = error.Origin;
        // The SDK's own files, and ours, say nothing to the user.
        if (origin.Length == 0 || origin == "MSBUILD" || SdkFile().IsMatch(origin)) return text;
        if (origin.StartsWith(inside, StringComparison.Ordinal) && origin.Length > inside.Length && origin[inside.Length] is '/' or '\\')
        {
            origin = origin[(inside.Length + 1)..];
        }

        return $"{origin}: {text}";
    }

    private static string? NextStepFor(string code) => code.ToUpperInvariant() switch
    {
        "CONTAINER1008" or "CONTAINER1016" => "Check registry.username and registry.password, and that the account may access it. For a "
            + "base image in another registry, use docker login, or set DOTNET_CONTAINER_PULL_REGISTRY_UNAME and _PWORD.",
        "CONTAINER1015" => "Check ContainerBaseImage in the project file.",
        "CONTAINER1011" => "Set builder.arch to an architecture of the base image, or ContainerBaseImage in the project file to an image "
            + "that has it.",
        "CONTAINER1012" => "Start Docker: -Dev (kamal build dev) and -Output docker (--output) keep the image in this machine's engine.",
        "CONTAINER1013" or "CONTAINER1017" => "Check registry.server, and that this machine reaches it. For a registry without TLS, set "
            + "DOTNET_CONTAINER_INSECURE_REGISTRIES.",
        "MSB1003" or "MSB1009" or "MSB1011" or "MSB1050" => "Set x-kamal-ps/builder/dotnet/project to the project file.",
        "NETSDK1045" => "Install a newer .NET SDK, or change global.json: https://dotnet.microsoft.com/download",
        "NETSDK1129" or "CONTAINERS0666" => "Set x-kamal-ps/builder/dotnet/framework.",
        "NU1301" => "Check the package sources in nuget.config, and their credentials.",
        _ => null,
    };

    [GeneratedRegex(@"([/\\]sdk[/\\][^/\\]+[/\\]|[/\\]kamal\.).*(targets|props)(\([0-9,]+\))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex SdkFile();

    private sealed record Error(string Origin, string Code, string Text);
}
