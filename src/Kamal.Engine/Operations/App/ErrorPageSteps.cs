using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Uploading the project's error pages (<c>4xx.html</c>, <c>503.html</c>, …) for the proxy.</summary>
internal static partial class ErrorPageSteps
{
    public static ImmutableArray<Step> Read(KamalConfiguration configuration)
    {
        if (configuration.ErrorPagesPath is not { } path) return [];
        var directory = Path.Combine(configuration.ProjectDirectory, path);
        if (!Directory.Exists(directory)) return [];
        return
        [
            .. Directory.EnumerateFiles(directory)
                .Where(file => PageName().IsMatch(Path.GetFileName(file)))
                .Order(StringComparer.Ordinal)
                .Select(file => FileSteps.Write(
                    $"Write the error page {Path.GetFileName(file)}",
                    $"{HostPaths.ErrorPages(configuration)}/{configuration.RequiredVersion}/{Path.GetFileName(file)}",
                    "0644",
                    StepInput.Of(File.ReadAllBytes(file), Path.GetFileName(file)))),
        ];
    }

    [GeneratedRegex("^[45]..\\.html$")]
    private static partial Regex PageName();
}
