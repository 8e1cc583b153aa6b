using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ImageCommandsTests
{
    [Theory]
    [InlineData("", null, "dhh/app", "latest")]
    [InlineData("", "staging", "dhh/app", "latest-staging")]
    [InlineData("registry: { server: \"localhost:5555\" }", null, "localhost:5555/dhh/app", "latest")]
    public async Task Images_are_pulled_checked_and_removed(string lines, string? destination, string repository, string latest)
    {
        var images = new ImageCommands(await ConfigurationFixture.LoadWithAsync(lines + "\n", destination));
        Rendered.Equal(
            (images.Clean(), $"docker image rm --force {repository}:v1"),
            (images.Pull(), $"docker pull {repository}:v1"),
            (images.Find("sha256:1"), $"docker image inspect --format '{{{{.Id}}}}' {repository}@sha256:1 2>/dev/null"),
            (images.Pull("sha256:1"), $"docker pull {repository}@sha256:1"),
            (images.Tag("sha256:1"), $"docker tag {repository}@sha256:1 {repository}:v1"),
            (images.Validate(), $"docker inspect -f '{{{{ .Config.Labels.service }}}}' {repository}:v1 | grep -x app"),
            (images.TagLatest(), $"docker tag {repository}:v1 {repository}:{latest}"),
            (images.List(), $"docker image ls {repository}"),
            (images.Tags(), $"docker image ls {repository} --format '{{{{.Tag}}}}'"),
            (images.Remove(), $"docker image rm {repository}:v1"),
            (images.RemoveAll(), "docker image prune --all --force --filter label=service=app"));
    }

    [Fact]
    public void The_engine_names_its_first_mirror() => Assert.Equal(
        "docker info --format '{{if .RegistryConfig.Mirrors}}{{index .RegistryConfig.Mirrors 0}}{{end}}'",
            ImageCommands.FirstMirror().Text);

    [Theory]
    [InlineData("", "")]
    [InlineData("x-kamal-ps: { transfer: direct }", "--pull never")]
    public async Task An_image_from_this_machine_is_not_pulled(string lines, string options) => Assert.Equal(
        options,
        string.Join(' ', ImageCommands.PullPolicy(await ConfigurationFixture.LoadWithAsync(lines + "\n")).Select(word => word.Text)));
}
