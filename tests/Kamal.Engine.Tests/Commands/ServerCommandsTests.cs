using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ServerCommandsTests
{
    [Theory]
    [InlineData(null, ".kamal/apps/app")]
    [InlineData("staging", ".kamal/apps/app-staging")]
    public async Task Directories_are_made_and_removed(string? destination, string app)
    {
        var server = new ServerCommands(await ConfigurationFixture.LoadWithAsync("", destination));
        Rendered.Equal((server.EnsureRunDirectory(), "mkdir -p .kamal"), (server.RemoveAppDirectory(), $"rm -r {app}"));
    }

    [Fact]
    public void A_server_is_prepared() => Rendered.Equal(
        (ServerCommands.HasDocker(), "docker -v"),
        (ServerCommands.AskDocker(), "docker ps --latest --quiet >/dev/null"),
        (ServerCommands.EnsureNetwork(), "docker network inspect kamal >/dev/null 2>/dev/null || docker network create kamal"),
        (ServerCommands.IsSuperuser(), "[ \"${EUID:-$(id -u)}\" -eq 0 ] || sudo -nl usermod >/dev/null"),
        (ServerCommands.IsRoot(), "[ \"${EUID:-$(id -u)}\" -eq 0 ]"),
        (ServerCommands.IsInDockerGroup(), "id -nG \"${USER:-$(id -un)}\" | grep -qw docker"),
        (ServerCommands.AddToDockerGroup(), "sudo -n usermod -aG docker \"${USER:-$(id -un)}\""),
        (ServerCommands.InstallDocker(),
            "sh -c 'curl -fsSL https://get.docker.com || wget -O - https://get.docker.com || echo '\\''exit 1'\\''' | sh"));

    [Theory]
    [InlineData("uptime", "exec \"${SHELL:-sh}\" -c uptime")]
    [InlineData("echo it's $HOME\ndate", "exec \"${SHELL:-sh}\" -c 'echo it'\\''s $HOME\ndate'")]
    public void A_users_command_is_read_by_the_login_shell(string command, string expected) =>
        Assert.Equal(expected, ServerCommands.InLoginShell(command).Text);
}
