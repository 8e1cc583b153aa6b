using System.Text.RegularExpressions;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests;

/// <summary>Keeps docs/architecture.md and CONTRIBUTING.md true: what they name is in the repository.</summary>
public sealed partial class ArchitectureTests
{
    private const string Architecture = "docs/architecture.md";
    private static readonly char[] Blanks = [' ', '\n'];
    private static readonly string[] Written = ["bin", "obj", "state", "cache", "TestResults", "__pycache__"];
    private static readonly string Root = ConfigurationFixture.RepositoryRoot;
    private static readonly string[] Files = [.. Found("src"), .. Found("tests"), .. Found("docs"), .. Found("schema"), .. Top()];
    private static readonly HashSet<string> Folders = [.. Files.SelectMany(Above)];

    /// <summary>The words of all code outside of comments; of this file only its name, as its examples name what does not exist.</summary>
    private static readonly HashSet<string> Words =
    [
        nameof(ArchitectureTests),
        .. from file in Files
           where file.EndsWith(".cs", StringComparison.Ordinal) && Path.GetFileName(file) != $"{nameof(ArchitectureTests)}.cs"
           from match in Word().Matches(Comment().Replace(Read(file), ""))
           select match.Value,
    ];

    [Theory]
    [InlineData(Architecture)]
    [InlineData("CONTRIBUTING.md")]
    public void What_a_document_names_exists(string document) => Assert.Empty(Missing(Read(document), Path.GetDirectoryName(document)!));

    [Theory]
    [InlineData("`src/Kamal.Engine/Hosts/Fleet.cs`, `Hosts/Fleet.cs` and `Fleet.cs`", "")]
    [InlineData("`src/Kamal.Engine/Hosts/Flotilla.cs`", "src/Kamal.Engine/Hosts/Flotilla.cs")]
    [InlineData("`Flotilla.cs`", "Flotilla.cs")]
    [InlineData("`leet.cs`", "leet.cs")]
    [InlineData("`Operations/Plans/` and `Operations/Nowhere/`", "Operations/Nowhere/")]
    [InlineData("`Fleet.RunAsync` and `Flotilla`", "Flotilla")]
    [InlineData("`Invoke-KamalDeploy` and `Invoke-KamalNothing`", "Invoke-KamalNothing")]
    [InlineData("`dotnet test tests/Nowhere --filter FullyQualifiedName~PlanTests`", "tests/Nowhere")]
    [InlineData("`dotnet test --filter FullyQualifiedName~NoSuchTests`", "NoSuchTests")]
    [InlineData("`dotnet test --filter PlanTests` and `dotnet test --filter A_plan_of_nothing`", "A_plan_of_nothing")]
    [InlineData("```sh\ntests/run\ntests/nothing\n```", "tests/nothing")]
    [InlineData("[one](docs/architecture.md#the-picture), [two](docs/nothing.md), [three](https://example.com)", "docs/nothing.md")]
    public void Finds_names_that_do_not_exist(string text, string missing) =>
        Assert.Equal(missing.Length == 0 ? [] : [missing], Missing(text, ""));

    [Theory]
    [InlineData("src/Kamal.Engine")]
    [InlineData("src/Kamal.Ssh")]
    [InlineData("src/Kamal.Adapters")]
    [InlineData("src/Kamal")]
    public void Every_folder_of_a_project_has_its_line(string project)
    {
        var folders = Folders.Where(folder => folder.StartsWith(project + "/", StringComparison.Ordinal))
            .Select(folder => folder[(project.Length + 1)..]);
        Assert.Equal(folders.Order(StringComparer.Ordinal), Listed(project).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_folder_of_tests_has_its_line()
    {
        var folders = Folders.Where(folder => folder.Split('/') is ["tests", _]).Select(folder => folder["tests/".Length..]);
        Assert.Equal(folders.Order(StringComparer.Ordinal), Listed("tests").Order(StringComparer.Ordinal));
    }

    /// <summary>The limits are the numbers from before the SSH client and plans, for the second and the fourth far less.</summary>

    [Theory]
    [InlineData("1. Invoke-KamalDeploy", 28)]
    [InlineData("2. kamal app exec", 30)]
    [InlineData("3. A mistake", 20)]
    [InlineData("4. $(kamal secrets fetch", 25)]
    public void A_story_passes_few_files_and_none_twice(string title, int limit)
    {
        var files = Captures(Stop(), Section(title)).ToList();
        Assert.InRange(files.Count, 10, limit);
        Assert.Equal(files.Distinct(), files);
        Assert.All(files, file => Assert.Contains("src/" + file, Files));
    }

    /// <summary>The files, folders, types, cmdlets and links that a text names and the repository does not have.</summary>
    private static List<string> Missing(string text, string folder)
    {
        var fenced = Fence().Matches(text).SelectMany(match => match.Groups[1].Value.Split(Blanks, StringSplitOptions.RemoveEmptyEntries));
        var spans = Span().Matches(Fence().Replace(text, "")).Select(match => match.Groups[1].Value).ToList();
        var words = spans.SelectMany(span => span.Split(Blanks, StringSplitOptions.RemoveEmptyEntries));
        var links = Link().Matches(text).Select(match => match.Groups[1].Value);
        return
        [
            .. fenced.Concat(words).Where(word => !IsThere(word)),
            .. Captures(Filter(), words).Concat(spans.Where(span => Name().IsMatch(span)).SelectMany(span => span.Split('.')))
                .Where(word => !Words.Contains(word)),
            .. spans.Where(span => Cmdlet().IsMatch(span) && !Files.Contains($"docs/en-US/{span}.md")),
            .. links.Where(link => !Path.Exists(Path.Combine(Root, folder, link))),
        ];
    }

    /// <summary>Whether a word is not a path, or is one from the root or the end of one.</summary>
    private static bool IsThere(string word)
    {
        var path = word.TrimEnd(',', ';', ':');
        if (Rooted().IsMatch(path)) return Files.Contains(path) || Folders.Contains(path.TrimEnd('/'));
        if (FileName().IsMatch(path)) return Files.Any(file => ("/" + file).EndsWith("/" + path, StringComparison.Ordinal));
        return !FolderName().IsMatch(path) || Folders.Any(folder => ("/" + folder + "/").EndsWith("/" + path, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Listed(string title) => Captures(Row(), Section(title));

    private static IEnumerable<string> Captures(Regex pattern, IEnumerable<string> lines) =>
        lines.Select(line => pattern.Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    /// <summary>The lines of the section whose title begins with a text.</summary>
    private static IEnumerable<string> Section(string title) => Read(Architecture).Split('\n')
        .SkipWhile(line => line != "### " + title && !line.StartsWith($"### {title} ", StringComparison.Ordinal)).Skip(1)
        .TakeWhile(line => !line.StartsWith('#'));

    private static string Read(string file) => File.ReadAllText(Path.Combine(Root, file)).Replace("\r\n", "\n", StringComparison.Ordinal);

    private static IEnumerable<string> Top() => Directory.EnumerateFiles(Root).Select(file => Path.GetFileName(file));

    /// <summary>The files below a folder, except what builds and test runs write.</summary>
    private static IEnumerable<string> Found(string folder)
    {
        var here = new DirectoryInfo(Path.Combine(Root, folder));
        var below = here.EnumerateDirectories().Select(each => each.Name).Where(name => !Written.Contains(name));
        return here.EnumerateFiles().Select(file => $"{folder}/{file.Name}").Concat(below.SelectMany(name => Found($"{folder}/{name}")));
    }

    private static IEnumerable<string> Above(string file)
    {
        for (var end = file.LastIndexOf('/'); end > 0; end = file.LastIndexOf('/', end - 1)) yield return file[..end];
    }

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^```.*\n([\s\S]*?)^```", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\(([^):#]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(src|tests|docs|schema)/[\w./-]+$")]
    private static partial Regex Rooted();

    [GeneratedRegex(@"^[\w./-]*\w\.(cs|csproj|md|ps1|psm1|json)$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^[\w.-]+(/[\w.-]+)*/$")]
    private static partial Regex FolderName();

    /// <summary>A type or member, such as <c>Run</c> or <c>Fleet.RunAsync</c>.</summary>
    [GeneratedRegex(@"^[A-Z]\w*[a-z]\w*(\.[A-Z]\w+)*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Z][a-z]+-Kamal\w+$")]
    private static partial Regex Cmdlet();

    /// <summary>A test class, or a test with words in its name, as <c>dotnet test --filter</c> takes it.</summary>
    [GeneratedRegex(@"(?:^|~)([A-Z]\w*(?:Tests|_[a-z]\w*))$")]
    private static partial Regex Filter();

    /// <summary>A row of a table of folders.</summary>
    [GeneratedRegex(@"^\| `([^`]+)/` \|")]
    private static partial Regex Row();

    /// <summary>A file that a story passes.</summary>
    [GeneratedRegex(@"^\d+\. `([^`]+)`: ")]
    private static partial Regex Stop();
}
