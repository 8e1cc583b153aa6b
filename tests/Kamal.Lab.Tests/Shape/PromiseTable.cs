using System.Reflection;
using System.Text;

namespace Kamal.Lab.Tests;

/// <summary>docs/real-engines.md, made from the scenarios of this assembly.</summary>
internal static class PromiseTable
{
    /// <summary>The file in this checkout.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(
        System.IO.Path.Combine(LabFixture.Tests, "..", "docs", "real-engines.md"));

    /// <summary>The scenarios: every test of a class that has a chapter.</summary>
    public static IEnumerable<MethodInfo> Scenarios { get; } =
    [
        .. typeof(PromiseTable).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<ChapterAttribute>() is not null)
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null),
    ];

    /// <summary>The file's text.</summary>
    public static string Render()
    {
        var text = new StringBuilder();
        text.Append("# What is promised on real engines\n\n")
            .Append(
                "Each row is a test: `tests/Kamal.Lab.Tests` brings about what the left column says, on servers with real Docker " +
                "engines and kamal-proxy, ")
            .Append(
                "and checks what the right column says: what clients got meanwhile, which containers are there afterwards, and what " +
                "the command said. ")
            .Append("`tests/run lab` runs them, and `tests/run builders` runs those about builders.\n\n")
            .Append("This file is made from the tests: `KAMAL_WRITE_DOCS=1 dotnet test tests/Kamal.Lab.Tests -c Release --filter ")
                .Append(nameof(PromiseTests)).Append("` writes it.\n");
        var chapters = Scenarios.GroupBy(
            method => method.ReflectedType!.GetCustomAttribute<ChapterAttribute>()!, (chapter, methods) => (chapter, methods));
        foreach (var (chapter, methods) in chapters.OrderBy(item => item.chapter.Order)
            .ThenBy(item => item.chapter.Title, StringComparer.Ordinal))
        {
            text.Append("\n## ").Append(chapter.Title).Append("\n\n| What happens | What is true then |\n|---|---|\n");
            foreach (var promise in methods.OrderBy(method => method.MetadataToken)
                .Select(method => method.GetCustomAttribute<PromiseAttribute>()))
            {
                text.Append("| ").Append(Cell(promise?.Title)).Append(" | ").Append(Cell(promise?.Promise)).Append(" |\n");
            }
        }

        return text.ToString();
    }

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
