using Kamal.Engine.Causes;
using Xunit;

namespace Kamal.Engine.Tests.Causes;

/// <summary>What commands print when they fail, and the cause that it shows.</summary>
public sealed class CommandCausesTests
{
    [Theory]
    [InlineData("sh: 1: docker: not found", 127, CauseName.DockerMissing, "Docker is not installed on the host")]
    [InlineData("bash: line 1: docker: command not found", 127, CauseName.DockerMissing, "Docker is not installed on the host")]
    [InlineData("xargs: docker: No such file or directory", 127, CauseName.DockerMissing, "Docker is not installed on the host")]
    [InlineData(
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", 1,
        CauseName.DockerNotRunning, "Docker is not running on the host")]
    [InlineData(
        "failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct", 1,
        CauseName.DockerNotRunning, "Docker is not running on the host")]
    [InlineData(
        "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock", 1,
        CauseName.DockerNotPermitted, "the account is not allowed to use Docker")]
    [InlineData(
        "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock", 1,
        CauseName.DockerNotPermitted, "the account is not allowed to use Docker")]
    [InlineData("docker: Error response from daemon: no space left on device.", 125, CauseName.DiskFull, "the disk is full")]
    [InlineData(
        "docker: Error response from daemon: driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port " +
        "is already allocated",
        125, CauseName.PortTaken, "port 80 of the host is in use by another container")]
    [InlineData(
        "docker: Error response from daemon: failed to bind host port for 0.0.0.0:443:172.18.0.2:443/tcp: address already in use",
        125, CauseName.PortTaken, "port 443 of the host is in use by another process")]
    [InlineData(
        "Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use", 125, CauseName.PortTaken,
        "port 80 of the host is in use by another process")]
    public void Of_the_host(string output, int exitCode, CauseName name, string message) => Check(output, exitCode, name, message);

    [Theory]
    [InlineData(
        "docker: Error response from daemon: failed to create task for container: OCI runtime create failed: exec: \"work\": " +
        "executable file not found in $PATH: unknown",
        127, CauseName.CommandNotFound, "the container's command work does not exist in the image")]
    [InlineData(
        "unable to start container process: exec: \"./work\": stat ./work: no such file or directory: unknown", 127,
        CauseName.CommandNotFound, "the container's command ./work does not exist in the image")]
    [InlineData(
        "unable to start container process: exec: \"./work\": permission denied: unknown", 126,
        CauseName.CommandNotExecutable, "the container's command ./work cannot be executed")]
    [InlineData(
        "exec /bin/work: exec format error", 1, CauseName.WrongArchitecture,
        "the image is built for another processor than the host's")]
    public void Of_the_container(string output, int exitCode, CauseName name, string message) => Check(output, exitCode, name, message);

    [Theory]
    [InlineData(
        "Get \"https://r.example.com/v2/\": unauthorized: incorrect username or password", CauseName.RegistryLoginFailed,
        "the registry r.example.com rejects the user name or password")]
    [InlineData(
        "login attempt to https://r.example.com:5000/v2/ failed with status: 401 Unauthorized", CauseName.RegistryLoginFailed,
        "the registry r.example.com:5000 rejects the user name or password")]
    [InlineData(
        "pull access denied for dhh/app, repository does not exist or may require 'docker login': denied: requested access to " +
        "the resource is denied",
        CauseName.RegistryAccessDenied, "the registry denies access to the image, or does not have it")]
    [InlineData(
        "manifest for r.example.com/app:v9 not found: manifest unknown: manifest unknown", CauseName.ImageNotFound,
        "the registry does not have this version of the image")]
    [InlineData(
        "repository r.example.com/app not found: name unknown: The repository with name 'app' does not exist", CauseName.ImageNotFound,
        "the registry does not have the image's repository")]
    [InlineData(
        "Get \"https://r.example.com/v2/\": denied: Your authorization token has expired. Reauthenticate and try again.",
        CauseName.RegistryLoginFailed, "the registry r.example.com says that the token used as password has expired")]
    [InlineData(
        "failed to resolve reference \"r.example.com/app:v9\": r.example.com/app:v9: not found", CauseName.ImageNotFound,
        "the registry does not have this version of the image")]
    [InlineData(
        "toomanyrequests: You have reached your pull rate limit.", CauseName.RegistryRateLimited,
        "the registry limits how often images are pulled")]
    [InlineData("denied", CauseName.RegistryAccessDenied, "the registry denies access to the image, or does not have it")]
    [InlineData(
        "received unexpected HTTP status: 503 Service Unavailable", CauseName.RegistryFails,
        "the registry answers with a server error (503 Service Unavailable)")]
    [InlineData(
        "login attempt to https://r.example.com/v2/ failed with status: 502 Bad Gateway", CauseName.RegistryFails,
        "the registry r.example.com answers with a server error (502 Bad Gateway)")]
    [InlineData(
        "unexpected status from HEAD request to https://r.example.com/v2/app/manifests/v1: 500 Internal Server Error",
        CauseName.RegistryFails, "the registry r.example.com answers with a server error (500 Internal Server Error)")]
    [InlineData(
        "Get \"https://r.example.com/v2/\": dial tcp: lookup r.example.com: no such host", CauseName.RegistryUnreachable,
        "the host cannot reach the registry r.example.com (no such host)")]
    [InlineData(
        "Get \"https://10.0.0.9:5000/v2/\": dial tcp 10.0.0.9:5000: connect: connection refused",
        CauseName.RegistryUnreachable, "the host cannot reach the registry 10.0.0.9:5000 (connection refused)")]
    [InlineData(
        "Get \"https://10.0.0.9:5000/v2/\": http: server gave HTTP response to HTTPS client", CauseName.RegistryWithoutTls,
        "the registry 10.0.0.9:5000 does not use TLS")]
    public void Of_the_registry(string output, CauseName name, string message) =>
        Check("Error response from daemon: " + output, 1, name, message);

    [Theory]
    [InlineData("port 80: process nginx (812)", "port 80 of the host is in use by the process nginx (812)")]
    [InlineData("port 443: container edge\nport 80: container web", "port 80 of the host is in use by the container web")]
    [InlineData("port 443: container edge", "port 80 of the host is in use by another container")]
    public void Who_uses_a_port_is_named_if_the_host_was_asked(string found, string message)
    {
        const string output = "docker: Error response from daemon: Bind for 0.0.0.0:80 failed: port is already allocated";

        Assert.Equal(message, CommandCauses.Find(output, 125, found)?.Message);
    }

    [Theory]
    [InlineData("exec /bin/work: exec format error")]
    [InlineData("Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries")]
    public void Both_architectures_are_named_if_the_host_was_asked(string output)
    {
        var cause = CommandCauses.Find(output, 1, "aarch64\namd64");

        Assert.Equal(
            (CauseName.WrongArchitecture, "the image is built for amd64, and the host has aarch64"), (cause?.Name, cause?.Message));
    }

    [Fact]
    public void Missing_inodes_are_told_from_missing_space() => Assert.Equal(
        "the disk has no inodes left",
        CommandCauses.Find("no space left on device: no inodes are left in / (3 free)", 1)?.Message);

    [Theory]
    [InlineData("mv: cannot stat 'docker': No such file or directory", 1)]
    [InlineData("rake aborted: Errno::ECONNREFUSED: connection refused", 1)]
    [InlineData("bin/rails: not found", 127)]
    [InlineData("Error response from daemon: No such container: shop-web-v1", 1)]
    [InlineData("", 1)]
    public void Other_failures_have_none(string output, int exitCode) => Assert.Null(CommandCauses.Find(output, exitCode));

    private static void Check(string output, int exitCode, CauseName name, string message)
    {
        var cause = CommandCauses.Find("progress\n" + output, exitCode);

        Assert.Equal((name, message), (cause?.Name, cause?.Message));
        Assert.Equal(["progress", output], cause!.Evidence);
        Assert.False(string.IsNullOrEmpty(cause.NextStep));
    }
}
