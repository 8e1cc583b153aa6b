using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>Removing what others use too.</summary>
[Trait("Category", "Linux")]
public sealed class SharingTests : IDisposable
{
    private const string Accessories = """
        servers: [ 1.1.1.1 ]
        accessories:
          db: { image: mysql, host: 1.1.1.2 }
          cache: { image: redis, host: 1.1.1.2 }
        """;

    private readonly OperationFixture _fixture = new OperationFixture().Configure(Accessories);

    [Fact]
    public async Task An_accessory_that_another_destination_s_file_names_on_the_same_host_is_shared()
    {
        using var other = new OperationFixture().Configure(
            "servers: [ 1.1.1.1 ]\naccessories:\n  db: { image: mysql, host: 1.1.1.2 }\n  cache: { image: redis, host: 1.1.1.9 }\n");
        var eu = await other.LoadAsync() with { Destination = "eu" };

        Assert.Equal(["The accessory db (app-db on 1.1.1.2) is used by the destination eu too."], await SharedAsync([], eu));
        Assert.Empty(await SharedAsync(["cache"], eu));
    }

    [Fact]
    public async Task A_host_tells_which_other_destinations_booted_it()
    {
        _fixture.Fleet.Answer("db", ".kamal/apps/app/env/accessories/db.env\n.kamal/apps/app-us/env/accessories/db.env");

        Assert.Equal(["The accessory db (app-db on 1.1.1.2) is used by the destination us too."], await SharedAsync([]));
    }

    [Fact]
    public async Task Nothing_that_is_shared_by_nobody_is_named_nor_is_a_host_s_failure_an_error()
    {
        _fixture.Fleet.Fail("1.1.1.2", "db", 2);
        Assert.Empty(await SharedAsync([]));
        Assert.DoesNotContain(_fixture.Sink.Events, item => item is HostFailed);
    }

    [Fact]
    public async Task An_image_that_other_containers_use_stays_and_is_told()
    {
        using var host = new FolderHost()
            .Program("docker", "case $1 in ps) printf 'shop-web-v1\\napp-db\\nblog\\n';; *) echo \"$*\" >> $HOST/removed;; esac");
        var configuration = await _fixture.LoadAsync();
        var step = new Step("remove", new AccessoryCommands(configuration, configuration.FindAccessory("db")!).RemoveImage());

        Assert.Equal("shop-web-v1 blog", (await host.RunAsync([step])).Steps[0].Output);
        Assert.False(File.Exists(host.PathOf("removed")));
        host.Program("docker", "[ $1 = ps ] || echo \"$*\" >> $HOST/removed");
        Assert.Equal("", (await host.RunAsync([step])).Steps[0].Output);
        Assert.Equal(
            "image rm --force mysql\n", await File.ReadAllTextAsync(host.PathOf("removed"), TestContext.Current.CancellationToken));

        _fixture.Fleet.Answer("Remove the accessory's image", "shop-web-v1 blog");
        await _fixture.RunAsync(AccessoryOperations.Remove(["db"]));
        Assert.Contains(
            _fixture.Sink.Events.OfType<MessageEmitted>(),
            message =>
                message.Text == "The image mysql of the accessory db stays on 1.1.1.2, since other containers use it: shop-web-v1 blog.");
    }

    public void Dispose() => _fixture.Dispose();

    private Task<IReadOnlyList<string>> SharedAsync(string[] names, params KamalConfiguration[] others) =>
        _fixture.RunAsync(AccessoryOperations.Shared(names, others));
}
