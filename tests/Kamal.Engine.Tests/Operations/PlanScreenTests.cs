using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>The text of a plan, as -WhatIf shows it.</summary>
public sealed class PlanScreenTests : IDisposable
{
    private const string Hosts = """
        service: shop
        servers:
          web: [ web1.example.com, web2.example.com ]
          worker: { hosts: [ worker1.example.com ], cmd: bin/jobs }

        """;

    private const string Accessories = """
        accessories:
          db: { image: "postgres:17", host: worker1.example.com, files: [ "my.conf:/etc/my.conf" ], directories: [ "data:/data" ] }
          search: { image: "search:1", role: web, proxy: { host: search.example.com } }
        """;

    private readonly OperationFixture _fixture = new(version: "4b1d9c2");

    public static TheoryData<PlannedOperation> Operations =>
    [
        PlannedOperation.Deploy, PlannedOperation.Setup, PlannedOperation.Remove, PlannedOperation.AccessoryReboot, PlannedOperation.ProxyReboot,
    ];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Three_hosts_fit_40_lines_of_100_columns(PlannedOperation operation)
    {
        _fixture.Write("my.conf", "").Configure(Hosts + Accessories);

        var lines = $"{await PlanAsync(operation)}".Split('\n');

        Assert.True(lines.Length <= 40, string.Join('\n', lines));
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task It_fits_narrower_screens(PlannedOperation operation)
    {
        _fixture.Write("my.conf", "").Configure(Hosts + Accessories);
        var plan = await PlanAsync(operation);
        Assert.All([60, 80], width => Assert.All(plan.ToLines(width), line => Assert.True(line.Length <= width, line)));
        Assert.Equal(Words(plan.ToString()), Words(string.Join('\n', plan.ToLines(60))));

        static string Words(string text) => string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Accessories_of_a_host_have_a_line_each_unless_they_are_treated_alike()
    {
        _fixture.Write("my.conf", "").Configure(Hosts + """
            accessories:
              db: { image: "postgres:17", host: worker1.example.com, directories: [ "data:/data" ] }
              queue: { image: "queue:1", host: worker1.example.com }
              cache: { image: "cache:1", host: worker1.example.com }
            """);

        var lines = $"{await PlanAsync(PlannedOperation.AccessoryBoot)}".Split('\n');

        Assert.Contains(lines, line => line.StartsWith("      db: Log in to the registry; Make sure that ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("      queue, cache: Make sure that the network ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_changes_is_all_there_in_a_setup_and_a_phase_like_the_one_before_says_so()
    {
        _fixture.Write("my.conf", "").Configure(Hosts + Accessories);

        var plan = await PlanAsync(PlannedOperation.Setup);

        var text = string.Join(' ', $"{plan}".Split('\n').Select(line => line.Trim()));
        Assert.All(plan.Phases.SelectMany(phase => phase.Hosts).SelectMany(host => host.Steps)
            .Where(step => step is { IsChange: true, IsRecord: false, OnFailureOnly: false }),
            step => Assert.Contains(step.Description, text, StringComparison.Ordinal));
        Assert.Contains("Pull the image from the mirror, only if another host uses a registry mirror: all hosts, as in ", text,
            StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();

    private async Task<KamalPlan> PlanAsync(PlannedOperation operation) => await PlanOperations
        .Describe(new(operation) { Deploy = new() { SkipPush = true } })
        .RunAsync(await _fixture.ContextAsync(new PreviewFleet(_fixture.Sink)), _fixture.Sink, TestContext.Current.CancellationToken);
}
