using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

public sealed class DockerLoginsTests
{
    [Theory]
    [InlineData("", "/h/.config/containers/auth.json /h/.docker/config.json")]
    [InlineData("DOCKER_CONFIG=/d", "/h/.config/containers/auth.json /d/config.json")]
    [InlineData("XDG_RUNTIME_DIR=/r XDG_CONFIG_HOME=/c", "/r/containers/auth.json /c/containers/auth.json /h/.docker/config.json")]
    [InlineData("REGISTRY_AUTH_FILE=/a.json DOCKER_CONFIG=/d", "/a.json")]
    public void The_accounts_files_are_where_podman_and_Docker_have_them(string variables, string expected)
    {
        var known = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('=')).ToDictionary(
            pair => pair[0], pair => pair[1]);
        Assert.Equal(expected.Split(' '), DockerLogins.Files(name => known.GetValueOrDefault(name), "/h").Select(file =>
            file.Replace('\\', '/')));
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"b2xk"}}}""", true)]
    [InlineData("""{"auths":{"https://ghcr.io/v2/":{"auth":"b2xk"}}}""", true)]
    [InlineData("""{"auths":{"other.io":{"auth":"b2xk"}}}""", false)]
    [InlineData("""{"auths":{"ghcr.io":{}}}""", false)]
    [InlineData("""{"auths":{"ghcr.io":{}},"credsStore":"desktop"}""", true)]
    [InlineData("""{"credsStore":"desktop"}""", false)]
    [InlineData("""{"credHelpers":{"ghcr.io":"gcloud"}}""", true)]
    public void A_login_is_found_in_the_file_and_in_helpers(string text, bool has) =>
        Assert.Equal(has, DockerLogins.Has(text, "ghcr.io"));

    [Theory]
    [InlineData("ghcr.io", "ghcr.io")]
    [InlineData("localhost:5555", "localhost:5555")]
    [InlineData("docker.io", "docker.io", "https://index.docker.io/v1/")]
    public void A_login_is_stored_as_Docker_stores_it(string host, params string[] keys)
    {
        var logins = Render([], host);
        Assert.Equal(keys, logins["auths"]!.AsObject().Select(login => login.Key));
        var login = logins["auths"]![keys[0]]!["auth"]!.GetValue<string>();
        Assert.Equal("me:pä:ss", Encoding.UTF8.GetString(Convert.FromBase64String(login)));
    }

    [Theory]
    [InlineData("ghcr.io", """{"auths":{"ghcr.io":{"auth":"b2xk"},"other.io":{"auth":"eDp5"}}}""")]
    [InlineData(
        "ghcr.io", """{"auths":{"https://ghcr.io/v2/":{"auth":"b2xk"},"other.io":{"auth":"eDp5"}},"credHelpers":{"GHCR.io":"old"}}""")]
    [InlineData("docker.io", """{"auths":{"https://index.docker.io/v1/":{"auth":"b2xk"},"other.io":{"auth":"eDp5"}}}""")]
    public void Other_registries_keep_their_logins_and_this_one_has_only_ours(string host, string existing)
    {
        var text = Render([existing], host).ToJsonString();
        Assert.Contains("\"other.io\":{\"auth\":\"eDp5\"}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("b2xk", text, StringComparison.Ordinal);
        Assert.DoesNotContain("old", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_for_all_registries_becomes_the_helper_of_those_that_it_has()
    {
        var logins = Render(
            ["""{"auths":{"other.io":{},"ghcr.io":{}},"credsStore":"desktop","credHelpers":{"ecr.example.com":"ecr-login"}}"""], "ghcr.io");
        Assert.Equal(["ghcr.io"], logins["auths"]!.AsObject().Select(login => login.Key));
        Assert.Equal(
            """{"ecr.example.com":"ecr-login","other.io":"desktop"}""", logins["credHelpers"]!.ToJsonString());
        Assert.Null(logins["credsStore"]);
    }

    [Fact]
    public void The_first_file_takes_precedence()
    {
        var logins = Render(
            ["""{"auths":{"a.io":{"auth":"MTox"}}}""", """{"auths":{"a.io":{"auth":"Mjoy"},"b.io":{"auth":"Mjoy"}}}"""], "c.io");
        Assert.Equal("MTox", logins["auths"]!["a.io"]!["auth"]!.GetValue<string>());
        Assert.Equal("Mjoy", logins["auths"]!["b.io"]!["auth"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"auths":{},"auths":{}}""")]
    public void Another_form_is_told(string existing) => Assert.ThrowsAny<JsonException>(() => Render([existing], "ghcr.io"));

    private static JsonNode Render(string[] existing, string host) =>
        JsonNode.Parse(DockerLogins.Render(existing, host, "me", "pä:ss"))!;
}
