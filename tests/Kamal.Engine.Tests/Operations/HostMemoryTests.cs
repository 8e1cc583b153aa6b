using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>What this machine remembers of hosts.</summary>
public sealed class HostMemoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("kamal-state-").FullName;
    private readonly ConfigurationFixture _files = new();

    [Fact]
    public async Task A_host_is_remembered_with_all_that_runs_knew_of_it_until_it_is_forgotten()
    {
        var first = await LoadAsync("servers: { web: [ 1.1.1.1, 1.1.1.2 ] }\naccessories: { db: { image: \"mysql:8\", host: 1.1.1.1 } }");
        new HostMemory(_root, first).Remember(["1.1.1.1", "1.1.1.2"]);
        var memory = new HostMemory(_root, await LoadAsync("servers: { web: [ 1.1.1.1 ], job: { hosts: [ 1.1.1.1 ] } }"));
        memory.Remember(["1.1.1.1"]);

        var known = memory.Read();
        Assert.Equal(["1.1.1.1", "1.1.1.2"], known.Select(one => one.HostName));
        Assert.Equal(["job", "web"], known[0].Roles);
        Assert.Equal("app-db", known[0].Accessories["db"]);

        memory.Forget(known[1]);
        Assert.Equal(["1.1.1.1"], memory.Read().Select(one => one.HostName));
    }

    [Fact]
    public async Task Each_project_has_its_own_and_each_destination_a_file()
    {
        _files.Write("config/deploy.eu.yml", "{}\n");
        var plain = await LoadAsync("servers: [ 1.1.1.1 ]");
        var eu = await _files.LoadAsync("eu");
        new HostMemory(_root, plain).Remember(["1.1.1.1"]);
        new HostMemory(_root, eu).Remember(["1.1.1.1"]);
        Assert.Equal(["", "eu"], new HostMemory(_root, plain).Read().Select(one => one.Destination).Order(StringComparer.Ordinal));

        var elsewhere = plain with { ProjectDirectory = "/elsewhere", ConfigFile = "/elsewhere/config/deploy.yml" };
        Assert.Empty(new HostMemory(_root, elsewhere).Read());
        Assert.Empty(new HostMemory(_root, plain with { Service = "other" }).Read());
    }

    [Fact, Trait("Category", "Linux")]
    public async Task Only_the_account_can_read_it()
    {
        if (OperatingSystem.IsWindows()) return;
        new HostMemory(_root, await LoadAsync("servers: [ 1.1.1.1 ]")).Remember(["1.1.1.1"]);
        var file = Assert.Single(Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(file)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"Hosts\":[null]}")]
    [InlineData("{\"Hosts\":[{\"Name\":\"x\"}]}")]
    public async Task A_file_that_cannot_be_read_is_as_good_as_none(string text)
    {
        var memory = new HostMemory(_root, await LoadAsync("servers: [ 1.1.1.1 ]"));
        memory.Remember(["1.1.1.1"]);
        var file = Assert.Single(Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories));
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        Assert.Empty(memory.Read());
        memory.Remember(["1.1.1.1"]);
        Assert.Single(memory.Read());
    }

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        _files.Dispose();
    }

    private Task<KamalConfiguration> LoadAsync(string lines)
    {
        _files.Write("config/deploy.yml", ConfigurationFixture.Combine(lines));
        return _files.LoadAsync();
    }
}
