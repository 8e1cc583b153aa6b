using System.Text.RegularExpressions;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests;

/// <summary>Messages and files are the same in every culture: "0.5 s", not "0,5 s".</summary>
public sealed partial class InvariantTextTests
{
    [Fact]
    public void Formatted_numbers_and_times_name_the_culture() =>
        Assert.Empty(
            Directory.EnumerateFiles(Path.Combine(ConfigurationFixture.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj"))
                .SelectMany(file => Unformatted(File.ReadAllText(file)).Select(text => $"{Path.GetFileName(file)}: {text}")));

    [Theory]
    [InlineData("Say($\"after {time.TotalSeconds:0.#} s\");", true)]
    [InlineData("Say($\"on {time:yyyy-MM-dd}\");", true)]
    [InlineData("Say(string.Create(CultureInfo.InvariantCulture, $\"after {time.TotalSeconds:0.#} s\"));", false)]
    [InlineData("text.Append(CultureInfo.InvariantCulture, $\"{count:0.0}\");", false)]
    [InlineData("Say($\"{(int)c:x4} {name} {a ? b : c}\");", false)]
    public void Finds_formats_of_the_users_culture(string code, bool found) => Assert.Equal(found, Unformatted(code).Any());

    /// <summary>The parts of interpolated strings with a format that depends on the culture, in statements that name none.</summary>
    private static IEnumerable<string> Unformatted(string code) => Formatted().Matches(code)
        .Where(match => !code[(code[..match.Index].LastIndexOf(";\n", StringComparison.Ordinal) + 1)..match.Index]
            .Contains("InvariantCulture", StringComparison.Ordinal))
        .Select(match => match.Value);

    // Hexadecimal numbers and GUIDs are the same everywhere.
    [GeneratedRegex(@"\{(?!Guid\.)[^{}""\n]*:(0[0.#,]*|[0#]+\.[0#]+|[NFEPCG]\d*|y{2,4}[^}]*|HH?[^}]*)\}")]
    private static partial Regex Formatted();
}
