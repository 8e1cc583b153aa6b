using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class LocalRegistryCommandsTests
{
    [Fact]
    public void A_registry_on_this_machine_is_reached_from_its_loopback_alone() => Assert.Equal(
        [
            "docker start kamal-docker-registry",
            "docker run --detach -p 127.0.0.1:5555:5000 --name kamal-docker-registry registry:3",
            "docker stop kamal-docker-registry",
            "docker rm kamal-docker-registry",
        ],
        new[]
        {
            LocalRegistryCommands.Start(), LocalRegistryCommands.Run(new RegistryConfiguration { Server = "localhost:5555" }),
            LocalRegistryCommands.Stop(), LocalRegistryCommands.Remove(),
        }.Select(command => command.Display));
}
