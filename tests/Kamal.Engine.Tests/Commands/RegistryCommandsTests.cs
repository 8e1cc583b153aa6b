using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class RegistryCommandsTests
{
    [Theory]
    [InlineData("username: u, password: [ PW ]", "dhh", "docker login -u dhh --password-stdin", "docker logout")]
    [InlineData("server: hub.docker.com, username: u, password: [ PW ]", "dhh", "docker login hub.docker.com -u dhh --password-stdin",
        "docker logout hub.docker.com")]
    [InlineData("server: ghcr.io, username: u, password: [ PW ]", "a $b's", "docker login ghcr.io -u 'a $b'\\''s' --password-stdin",
        "docker logout ghcr.io")]
    public async Task A_host_logs_in_and_out(string registry, string username, string login, string logout)
    {
        var configuration = (await ConfigurationFixture.LoadWithAsync($"registry: {{ {registry} }}\n")).Registry;
        Rendered.Equal((RegistryCommands.Login(configuration, username), login), (RegistryCommands.Logout(configuration), logout));
    }

    [Fact]
    public async Task A_user_name_from_the_secrets_is_not_shown() => Assert.Equal(
        "docker login -u [REDACTED] --password-stdin",
        RegistryCommands.Login((await ConfigurationFixture.LoadWithAsync("")).Registry, ShellWord.Redacted("hush")).Display);
}
