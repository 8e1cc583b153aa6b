using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>The digest in the output of BuildKit, <c>docker push</c> and the engine.</summary>
public sealed class AppImageTests
{
    private static readonly string One = "sha256:" + new string('1', 64);
    private static readonly string Two = "sha256:" + new string('2', 64);

    [Theory]
    [InlineData("dhh/app:v1", "#11 pushing manifest for docker.io/dhh/app:v1@{1} 0.3s done")]
    [InlineData("docker.io/dhh/app:v1",
        "#11 pushing manifest for docker.io/dhh/app:v1@{1}\n#11 pushing manifest for docker.io/dhh/app:v1@{1} done")]
    [InlineData("index.docker.io/dhh/app:v1", "#11 pushing manifest for docker.io/dhh/app:v1@{1}")]
    [InlineData("app:v1", "#11 pushing manifest for docker.io/library/app:v1@{1}")]
    [InlineData("localhost:5555/dhh/app:v1", "#9 pushing manifest for localhost:5555/dhh/app:v1@{1}")]
    [InlineData("ghcr.io/dhh/app:v1",
        "#9 pushing manifest for ghcr.io/dhh/app:latest@{2}\n#9 pushing manifest for ghcr.io/dhh/app:v1@{1} done\n#10 exporting cache")]
    [InlineData("ghcr.io/dhh/app:v1", "{{\"statuses\":[{{\"id\":\"pushing manifest for ghcr.io/dhh/app:v1@{1}\"}}]}}")]
    [InlineData("ghcr.io/dhh/app:v1", "5f70bf18a086: Pushed\r\nv1: digest: {1} size: 1155\r\n")]
    public void The_digest_is_read_from_the_output_of_a_push(string image, string output) =>
        Assert.Equal(One, AppImage.DigestIn(image, string.Format(null, output, "", One, Two)));

    [Theory]
    [InlineData("ghcr.io/dhh/app:v1", "#9 pushing manifest for ghcr.io/dhh/app:v2@{1}")]
    [InlineData("ghcr.io/dhh/app:v1", "#9 pushing manifest for ghcr.io/dhh/app:v1@{1}\n#9 pushing manifest for ghcr.io/dhh/app:v1@{2}")]
    [InlineData("ghcr.io/dhh/app:v1", "#9 pushing manifest for ghcr.io/dhh/app:v1@sha256:12")]
    [InlineData("ghcr.io/dhh/app:v1", "pushing 10.211.0.2:5000/shop:v1 with docker")]
    [InlineData("ghcr.io/dhh/app:v1", "latest: digest: {1} size: 1155")]
    [InlineData("ghcr.io/dhh/app:v1", "")]
    public void A_digest_of_another_image_is_ignored(string image, string output) =>
        Assert.Null(AppImage.DigestIn(image, string.Format(null, output, "", One, Two)));

    [Theory]
    [InlineData("", "dhh/app@{1}\n\n", true)]
    [InlineData("", "docker.io/dhh/app@{1}\nghcr.io/dhh/app@{2}\n", true)]
    [InlineData("registry: { server: \"10.0.0.1:5000\", username: a, password: b }", "10.0.0.1:5000/dhh/app@{1}\n", true)]
    [InlineData("", "dhh/app@{1}\ndhh/app@{2}\n", false)]
    [InlineData("", "ghcr.io/dhh/app@{1}\n", false)]
    [InlineData("", "\n", false)]
    public async Task The_engine_knows_the_digest_of_what_it_pushed(string lines, string output, bool isKnown) => Assert.Equal(
        isKnown ? One : null,
        AppImage.DigestOf(await ConfigurationFixture.LoadWithAsync(lines + "\n"), string.Format(null, output, "", One, Two)));

    [Fact]
    public async Task The_engine_is_asked() => Assert.Equal(
        "docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' dhh/app:v1",
        AppImage.AskEngine(await ConfigurationFixture.LoadWithAsync("")).Display);
}
