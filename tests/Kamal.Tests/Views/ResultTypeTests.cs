using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Results;

namespace Kamal.Tests.Views;

/// <summary>What people and scripts see of results: as tables, text, JSON and members.</summary>
[Trait("Category", "Linux")]
public sealed partial class ResultTypeTests(ShownResults shown) : IClassFixture<ShownResults>
{
    private static readonly string[] Internals = ["<Clone>$", "Deconstruct", "EqualityContract", "PrintMembers"];
    private static readonly string[] Widths = ["80", "100", "120"];

    private static IEnumerable<Type> ResultTypes => typeof(KamalSecret).Assembly.GetExportedTypes()
        .Where(type => type.Namespace == typeof(KamalSecret).Namespace && type is { IsClass: true, IsAbstract: false })
        .Concat([typeof(KamalCause), typeof(ConfigurationProblem), typeof(KamalConfiguration)]);

    private static IEnumerable<object> Samples => ViewSamples.All.Values.SelectMany(samples => samples);

    [Fact]
    public void Every_result_type_has_a_sample() =>
        Assert.Empty(ResultTypes.Except(Samples.Select(sample => sample.GetType())).Select(type => type.Name));

    /// <summary><c>KAMAL_WRITE_DOCS=1</c> writes docs/views.</summary>
    [Fact]
    public void Results_look_as_docs_views_says()
    {
        var folder = Path.Combine(ShownResults.Repository, "docs/views");
        var texts = ViewSamples.All.Keys.ToDictionary(
            name => Path.Combine(folder, name + ".txt"),
            name => string.Join('\n', Widths.Select(width => $"==> {width} columns\n\n{Show(name, width)}\n")));
        if (Environment.GetEnvironmentVariable("KAMAL_WRITE_DOCS") == "1")
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            foreach (var (path, text) in texts) File.WriteAllText(path, text);
        }

        Assert.Equal(texts.Keys.Order(), Directory.GetFiles(folder).Order());
        Assert.All(texts, pair => Assert.Equal(File.ReadAllText(pair.Key), pair.Value));
    }

    [Fact]
    public void No_line_is_longer_than_the_screen() => Assert.All(ViewSamples.All.Keys, name => Assert.All(Widths, width =>
        Assert.DoesNotContain(Show(name, width).Split('\n'), line => line.Length > int.Parse(width, CultureInfo.InvariantCulture))));

    // PowerShell breaks the label of a column that has less room than it.
    [Fact]
    public void No_label_is_broken_over_lines() => Assert.All(ViewSamples.All.Keys, name => Assert.All(Widths, width =>
    {
        var lines = Show(name, width).Split('\n');
        Assert.All(
            Enumerable.Range(1, lines.Length - 1).Where(line => Underline.IsMatch(lines[line])),
            line => Assert.True(line == 1 || lines[line - 2].Length == 0, $"{name} at {width} columns"));
    }));

    [Fact]
    public void Results_of_one_family_share_a_table()
    {
        var lines = Show("KamalOperationResult", "120").Split('\n');
        Assert.Single(lines, line => line.StartsWith("HostName", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(" : ", StringComparison.Ordinal));
    }

    [Fact]
    public void Log_lines_are_shown_without_blank_lines_between() => Assert.Equal(3, Show("KamalLogLine", "80").Split('\n').Length);

    [Fact]
    public void Every_label_is_a_member_of_the_type() =>
        Assert.Empty(shown.Root.GetProperty("UnknownLabels").EnumerateArray().Select(label => label.GetString()));

    [Fact]
    public void Text_is_what_a_person_expects() =>
        Assert.DoesNotContain(Samples, sample => RecordText.IsMatch(sample.ToString()!));

    [Fact]
    public void Names_stand_for_what_has_them()
    {
        Assert.Equal("shop-db", ViewSamples.All["KamalContainer"][2].ToString());
        Assert.Equal("GET /up 200 in 1 ms", ViewSamples.All["KamalLogLine"][1].ToString());
        Assert.Equal("web1.example.com", ViewSamples.All["KamalHostCheck"][0].ToString());
        Assert.Equal("web1.example.com: web 54e13d6: Switched", ViewSamples.All["KamalDeployResult"][0].ToString());
        Assert.Equal("worker1.example.com: Boot (db): Succeeded", ViewSamples.All["KamalOperationResult"][4].ToString());
        Assert.Equal("Held by alice@example.com: Automatic deploy lock", ViewSamples.All["KamalLock"][0].ToString());
    }

    [Fact]
    public void Members_are_those_of_a_result_and_not_of_its_implementation()
    {
        var members = shown.Root.GetProperty("Members").EnumerateArray().Select(name => name.GetString()).ToHashSet();
        Assert.Contains("HostName", members);
        Assert.Empty(members.Intersect(Internals));
    }

    [Fact]
    public void Enumerations_are_text_in_JSON()
    {
        var numbers = ResultTypes.SelectMany(type => type.GetProperties()).Select(property => Enumeration(property.PropertyType))
            .OfType<Type>().Distinct().Where(type => Enum.GetUnderlyingType(type) != typeof(long));
        Assert.Empty(numbers.Select(type => type.Name));
        var json = JsonDocument.Parse(shown.Root.GetProperty("Json").GetString()!).RootElement;
        Assert.Equal("Succeeded", json.GetProperty("Outcome").GetString());
        Assert.Equal("Switched", json.GetProperty("State").GetString());
        Assert.False(json.TryGetProperty("Before", out _));
        Assert.True(shown.Root.GetProperty("Compares").GetBoolean());
    }

    [Fact]
    public void What_a_view_labels_can_be_asked_for()
    {
        Assert.True(shown.Root.GetProperty("Held").GetBoolean());
        Assert.Equal(12.5, shown.Root.GetProperty("Rate").GetDouble());
    }

    [Theory]
    [InlineData("Ansi", true)]
    [InlineData("PlainText", false)]
    [InlineData("Host", false)]
    public void A_state_has_its_colour_where_colours_are_shown(string rendering, bool isColored)
    {
        var text = shown.Root.GetProperty("Colors").GetProperty(rendering).GetString()!;
        Assert.Equal(isColored, text.Contains("\e[33mRolledBack\e[0m", StringComparison.Ordinal));
        Assert.Equal(isColored, text.Contains("\e[31mFailed\e[0m", StringComparison.Ordinal));
        Assert.Contains("RolledBack", text, StringComparison.Ordinal);
    }

    private string Show(string name, string width)
    {
        var text = shown.Root.GetProperty("Views").GetProperty(name).GetProperty(width).GetString()!;
        return string.Join('\n', text.ReplaceLineEndings("\n").Trim('\n').Split('\n').Select(line => line.TrimEnd()));
    }

    private static Type? Enumeration(Type type)
    {
        var isList = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);
        if (isList) type = type.GenericTypeArguments[0];
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? type : null;
    }

    [GeneratedRegex("^-[- ]*$")]
    private static partial Regex Underline { get; }

    [GeneratedRegex(@"^\w+ \{ ")]
    private static partial Regex RecordText { get; }
}
