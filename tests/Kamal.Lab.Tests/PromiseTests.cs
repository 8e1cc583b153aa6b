using System.Reflection;

namespace Kamal.Lab.Tests;

/// <summary>docs/real-engines.md says what the scenarios check.</summary>
public sealed class PromiseTests
{
    [Fact]
    public void Every_scenario_says_what_it_promises()
    {
        var silent = PromiseTable.Scenarios.Where(method => method.GetCustomAttribute<PromiseAttribute>() is null);
        Assert.Equal([], silent.Select(method => $"{method.ReflectedType!.Name}.{method.Name}"));
        var homeless = typeof(PromiseTests).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Scenarios", StringComparison.Ordinal)
                && type.GetCustomAttribute<ChapterAttribute>() is null);
        Assert.Equal([], homeless.Select(type => type.Name));
        Assert.Equal(
            [],
            PromiseTable.Scenarios.Select(method => method.GetCustomAttribute<PromiseAttribute>()!.Title).GroupBy(title => title)
                .Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void The_table_of_failures_is_that_of_the_faults()
    {
        Assert.Equal([], SeededFaults.All.GroupBy(fault => fault.Title).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.True(SeededFaults.All.Count >= 30);
        Assert.All(
            [Place.First, Place.Later, Place.Worker],
            place => Assert.True(SeededFaults.All.Where((fault, number) => FaultTable.Turn(fault, number) == place).Count() >= 10, place.Name));
        var text = FaultTable.Render();
        if (Environment.GetEnvironmentVariable("KAMAL_WRITE_DOCS") == "1") File.WriteAllText(FaultTable.Path, text);
        Assert.True(File.Exists(FaultTable.Path) && File.ReadAllText(FaultTable.Path) == text,
            "docs/failures.md is stale; run KAMAL_WRITE_DOCS=1 dotnet test tests/Kamal.Lab.Tests -c Release --filter " +
            $"{nameof(PromiseTests)} and commit the file.");
    }

    [Fact]
    public void The_table_in_docs_is_that_of_the_scenarios()
    {
        var text = PromiseTable.Render();
        if (Environment.GetEnvironmentVariable("KAMAL_WRITE_DOCS") == "1") File.WriteAllText(PromiseTable.Path, text);
        Assert.True(File.Exists(PromiseTable.Path) && File.ReadAllText(PromiseTable.Path) == text,
            "docs/real-engines.md is stale; run KAMAL_WRITE_DOCS=1 dotnet test tests/Kamal.Lab.Tests -c Release --filter " +
            $"{nameof(PromiseTests)} and commit the file.");
    }
}
