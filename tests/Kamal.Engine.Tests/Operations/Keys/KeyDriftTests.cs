using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Configuration;
using Kamal.Engine.Tests.Support;
using Kamal.Testing.Keys;
using Xunit;

namespace Kamal.Engine.Tests.Operations.Keys;

/// <summary>
/// A change of each documented key is named by a plan that compares the hosts, or is known to change nothing there. The list of keys is
/// the metadata's. The lab has the same table on real engines.
/// </summary>
public sealed class KeyDriftTests : IDisposable
{
    private const string Document = "docs/plan-keys.md";

    private readonly OperationFixture _fixture = new() { Secrets = new CertificateSecrets() };

    public static TheoryData<string> Keys => [.. KeyPaths.All];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_plan_names_the_key_and_nothing_else(string key)
    {
        var change = KeyChanges.Of(key);
        Assert.True(change.Reason is null ? !change.Named.IsEmpty : change.Named.IsEmpty, "A row has what is named, or a reason.");

        Assert.Equal(change.Named.Order(StringComparer.Ordinal), await CompareAsync(change.Before, [.. change.Before, .. change.After]));
        if (!change.Before.IsEmpty) Assert.Empty(await CompareAsync(change.Before, change.Before));
    }

    [Fact]
    public async Task Nothing_is_named_without_a_change() => Assert.Empty(await CompareAsync([], []));

    [Fact]
    public void No_row_is_left_over() => Assert.All(KeyChanges.All, change => Assert.Contains(KeyPaths.All, key =>
        key == change.Key || change.Key.EndsWith("/*", StringComparison.Ordinal)
            && key.StartsWith(change.Key[..^1], StringComparison.Ordinal)));

    [Fact]
    public void Each_key_has_one_row() => Assert.Equal(
        KeyChanges.All.Select(change => change.Key).Distinct(), KeyChanges.All.Select(change => change.Key));

    [Fact]
    public async Task The_document_has_each_key()
    {
        var path = Path.Combine(ConfigurationFixture.RepositoryRoot, Document);
        var text = KeyDocument.Text();
        if (Environment.GetEnvironmentVariable("KAMAL_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        }

        Assert.Equal(text, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _fixture.Dispose();

    /// <summary>What a plan names after one configuration was applied and another is wanted.</summary>
    private async Task<IReadOnlyList<string>> CompareAsync(
        IReadOnlyList<(string Path, string? Value)> applied, IReadOnlyList<(string Path, string? Value)> wanted)
    {
        foreach (var (name, text) in KeyProject.Files) _fixture.Write(name, text);
        var have = await _fixture.Configure(KeyProject.Yaml(applied)).LoadAsync();
        var want = await _fixture.Configure(KeyProject.Yaml(wanted)).LoadAsync();
        var fleet = new RecordingFleet(_fixture.Sink);
        new KeyHosts(fleet, have, want, CertificateSecrets.Of).Answer();
        var plan = await _fixture.RunAsync(PlanOperations.Describe(new(PlannedOperation.Deploy) { Live = true }), fleet);
        return [.. plan.Changes.Select(Name).Distinct().Order(StringComparer.Ordinal)];
    }

    private static string Name(KamalPlanChange change) => $"{change.Role ?? change.Accessory ?? "proxy"} {change.Key ?? change.Action}";
}
