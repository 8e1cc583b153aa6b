using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Kamal.Common;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Uploading the project's error pages (<c>4xx.html</c>, <c>503.html</c>, …) for the proxy. A version whose pages have changed
/// gets a folder beside the one that the proxy may use: at its start the proxy reads them all again, and serves no app if it
/// cannot use one app's pages.
/// </summary>
internal static partial class ErrorPageSteps
{
    private const string Changed = "changed_pages";

    public static ImmutableArray<Step> Read(KamalConfiguration configuration)
    {
        if (configuration.ErrorPagesPath is not { } path) return [];
        var directory = Path.Combine(configuration.ProjectDirectory, path);
        if (!Directory.Exists(directory)) return [];
        var pages = Directory.EnumerateFiles(directory)
            .Where(file => PageName().IsMatch(Path.GetFileName(file)))
            .Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetFileName(file), Content: BoundedFile.Read(file, BoundedFile.SettingsLimit)))
            .ToList();
        var hash = Convert.ToHexStringLower(SHA256.HashData([.. pages.SelectMany(page => page.Content)]));
        var folder = $"{HostPaths.ErrorPages(configuration)}/{configuration.RequiredVersion}";
        var same = ShellCommand.Of("cd", folder).And(ShellCommand.Raw("cat -- *.html")).Pipe(ShellCommand.Of("sha256sum"))
            .Pipe(ShellCommand.Of("grep", "-q", hash)).Group().DiscardErrors();
        return pages.Count == 0 ? [] :
        [
            new("Look for other error pages of this version", ShellCommand.Of("[", "!", "-e", folder, "]").Or(same)
                .Or(ShellCommand.Of("echo", "changed")))
            {
                Effect = StepEffect.ReadOnly, CaptureAs = Changed,
            },
            .. Write(folder, ShellCommand.Of("[", "-z", ShellWord.Variable(Changed), "]")),
            .. Write($"{folder}~{hash[..16]}", ShellCommand.Of("[", "-n", ShellWord.Variable(Changed), "]")),
        ];

        // The proxy's account has to list the folder, whatever the umask of this one.
        IEnumerable<Step> Write(string into, ShellCommand when) =>
        [
            new("Make the error pages' folder", ShellCommand.Of("mkdir", "-p", into)
                .And(ProxyFiles.LetThrough(HostPaths.ProxyApps(configuration), HostPaths.ProxyApp(configuration),
                    HostPaths.ErrorPages(configuration)))
                .And(ShellCommand.Of("chmod", "go+rx", into))) { When = when },
            .. pages.Select(page => FileSteps.Write($"Write the error page {page.Name}", $"{into}/{page.Name}", "0644",
                StepInput.Of(page.Content, page.Name)) with
            {
                When = when,
            }),
        ];
    }

    [GeneratedRegex("^[45]..\\.html$")]
    private static partial Regex PageName();
}
