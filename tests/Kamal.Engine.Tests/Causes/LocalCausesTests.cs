using Kamal.Engine.Causes;
using Xunit;

namespace Kamal.Engine.Tests.Causes;

/// <summary>Why docker fails on this machine, from the texts of Docker 20 to 29 and BuildKit.</summary>
public sealed class LocalCausesTests
{
    [Theory]
    [InlineData(
        "Error response from daemon: Get \"https://ghcr.io/v2/\": denied: denied",
        CauseName.RegistryAccessDenied, "the registry ghcr.io denies access to the image, or does not have it", "may push it")]
    [InlineData(
        "Error response from daemon: login attempt to http://10.0.0.2:5000/v2/ failed with status: 401 Unauthorized",
        CauseName.RegistryLoginFailed, "the registry 10.0.0.2:5000 rejects the user name or password", "tokens expire")]
    [InlineData(
        "Error response from daemon: Get \"https://registry.test/v2/\": dial tcp: lookup registry.test: no such host",
        CauseName.RegistryUnreachable, "this machine cannot reach the registry registry.test (no such host)", "this machine's DNS")]
    [InlineData(
        "Error response from daemon: Get \"https://r.test/v2/\": http: server gave HTTP response to HTTPS client",
        CauseName.RegistryWithoutTls, "the registry r.test does not use TLS", "a certificate")]
    [InlineData(
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
        CauseName.DockerNotRunning, "Docker is not running on this machine", "Docker Desktop")]
    [InlineData(
        "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
        CauseName.DockerNotPermitted, "the account is not allowed to use Docker", "log in to this machine again")]
    [InlineData(
        "Get \"https://r.test/v2/\": dial tcp 10.0.0.9:443: connect: connection refused",
        CauseName.RegistryUnreachable, "this machine cannot reach the registry r.test (connection refused)", "firewall")]
    [InlineData(
        "docker: Error response from daemon: failed to set up container networking: driver failed programming external connectivity on " +
        "endpoint kamal-docker-registry: Bind for 127.0.0.1:5000 failed: port is already allocated",
        CauseName.PortTaken, "port 5000 of this machine is in use by another container", "localhost:PORT")]
    public void A_login_or_a_builder(string output, CauseName name, string message, string next)
    {
        var cause = LocalCauses.Find(output)!;

        Assert.Equal((name, message), (cause.Name, cause.Message));
        Assert.Contains(next, cause.NextStep, StringComparison.Ordinal);
        Assert.Equal([output], cause.Evidence);
    }

    [Fact]
    public void A_step_that_failed_has_its_line_and_what_it_said()
    {
        var cause = LocalCauses.OfBuild("""
            #5 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2
            ------
            > [2/3] RUN make:
            0.201 make: *** No rule to make target 'app'.  Stop.
            ------
            docker/Web.dockerfile:4
            --------------------
            2 |     COPY . .
            3 |
            4 | >>> RUN make
            5 |     CMD ["./app"]
            --------------------
            ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
            """);

        Assert.Equal("docker/Web.dockerfile:4: the step make of the Dockerfile failed with exit code 2", cause.Message);
        Assert.Equal(
            [
                "> [2/3] RUN make:", "0.201 make: *** No rule to make target 'app'.  Stop.",
                "ERROR: failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit code: 2",
            ],
            cause.Evidence);
    }

    [Fact]
    public void The_evidence_of_a_failed_push_ends_with_its_error()
    {
        var cause = LocalCauses.OfBuild("""
            #9 DONE 0.1s
            #10 pushing r.test/shop:v1 with docker
            #10 ERROR: toomanyrequests: slow down
            ERROR: toomanyrequests: slow down
            ------
             > pushing r.test/shop:v1 with docker:
            ------
            """);

        Assert.Equal(["> pushing r.test/shop:v1 with docker:", "ERROR: toomanyrequests: slow down"], cause.Evidence);
    }

    [Fact]
    public void What_is_not_known_has_no_cause() => Assert.Null(LocalCauses.Find("ERROR: something else"));

    [Theory]
    [InlineData(
        "ERROR: failed to solve: failed to push 10.0.0.2:5000/shop:v1: failed to authorize: no basic auth credentials",
        true, CauseName.RegistryLoginFailed, "the registry rejects the user name or password", "registry.password")]
    [InlineData(
        "ERROR: failed to solve: failed to push ghcr.io/me/shop:v1: unexpected status from POST request to " +
        "https://ghcr.io/v2/me/shop/blobs/uploads/: 403 Forbidden",
        true, CauseName.RegistryAccessDenied,
        "the registry ghcr.io does not let the account push the image, or does not have its repository", "may push it")]
    [InlineData(
        "ERROR: failed to solve: failed to push me/shop:v1: push access denied, repository does not exist or may require " +
        "authorization: server message: insufficient_scope: authorization failed",
        true, CauseName.RegistryAccessDenied, "the registry does not let the account push the image, or does not have its repository",
        "may push it")]
    [InlineData(
        "ERROR: failed to push 10.0.0.77:5000/shop:v1: failed to do request: Head \"https://10.0.0.77:5000/v2/shop/blobs/sha256:1\": " +
        "dial tcp 10.0.0.77:5000: connect: no route to host",
        true, CauseName.RegistryUnreachable, "this machine cannot reach the registry 10.0.0.77:5000 (no route to host)", "curl -v")]
    [InlineData(
        "ERROR: failed to push r.test/shop:v1: unexpected status from PUT request to https://r.test/v2/shop/manifests/v1: " +
        "503 Service Unavailable",
        true, CauseName.RegistryFails, "the registry r.test answers with a server error (503 Service Unavailable)",
        "Run the command again")]
    [InlineData(
        "ERROR: failed to push 1.dkr.test/shop:v1: unexpected status from POST request to https://1.dkr.test/v2/shop/blobs/uploads/: " +
        "404 Not Found: name unknown: The repository with name 'shop' does not exist",
        true, CauseName.ImageNotFound, "the registry does not have the image's repository", "Create the repository")]
    [InlineData(
        "denied: requested access to the resource is denied",
        true, CauseName.RegistryAccessDenied, "the registry does not let the account push the image, or does not have its repository",
        "may push it")]
    [InlineData(
        " > pushing 10.0.0.2:5000/shop:v1 with docker:\n------\nERROR: denied",
        true, CauseName.RegistryAccessDenied, "the registry does not let the account push the image, or does not have its repository",
        "may push it")]
    [InlineData(
        "errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required",
        true, CauseName.RegistryAccessDenied, "the registry does not let the account push the image, or does not have its repository",
        "may push it")]
    [InlineData(
        " > pushing 10.0.0.2:5000/shop:v1 with docker:\n------\nERROR: unauthorized: incorrect username or password",
        true, CauseName.RegistryLoginFailed, "the registry rejects the user name or password", "registry.password")]
    [InlineData(
        "ERROR: denied: Your authorization token has expired. Reauthenticate and try again.",
        true, CauseName.RegistryLoginFailed, "the registry says that the token used as password has expired", "PASSWORD=$(…)")]
    [InlineData(
        "ERROR: failed to solve: failed to push r.test/shop:v1: failed to authorize: failed to fetch oauth token: unexpected status from " +
        "GET request to https://auth.r.test/token?scope=repository%3Ashop%3Apull%2Cpush: 401 Unauthorized",
        true, CauseName.RegistryLoginFailed, "the registry rejects the user name or password", "tokens expire")]
    [InlineData(
        " > pushing 10.0.0.2:5000/shop:v1 with docker:\n------\nERROR: toomanyrequests: You have reached your pull rate limit.",
        true, CauseName.RegistryRateLimited, "the registry limits how many requests it accepts", "not pushed again")]
    [InlineData(
        " > pushing 10.0.0.2:5000/shop:v1 with docker:\n------\nERROR: name unknown: The repository with name 'shop' does not exist",
        true, CauseName.ImageNotFound, "the registry does not have the image's repository", "Create the repository")]
    [InlineData(
        " > pushing 10.0.0.2:5000/shop:v1 with docker:\n------\nERROR: received unexpected HTTP status: 503 Service Unavailable",
        true, CauseName.RegistryFails, "the registry answers with a server error (503 Service Unavailable)", "Run the command again")]
    [InlineData("ERROR: failed to push r.test/shop:v1: it is raining", true, CauseName.BuildFailed, "the image could not be pushed", "")]
    [InlineData(
        "ERROR: failed to solve: busybox:9: failed to resolve source metadata for docker.io/library/busybox:9: " +
        "docker.io/library/busybox:9: not found",
        false, CauseName.ImageNotFound, "the base image docker.io/library/busybox:9 does not exist, or needs a login", "Check FROM")]
    [InlineData(
        "ERROR: failed to solve: me/base: failed to resolve source metadata for docker.io/me/base:latest: pull access denied, " +
        "repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
        false, CauseName.ImageNotFound, "the base image docker.io/me/base:latest does not exist, or needs a login", "docker login")]
    [InlineData(
        "ERROR: failed to solve: busybox: failed to resolve source metadata for docker.io/library/busybox:latest: failed to do request: " +
        "Head \"https://registry-1.docker.io/v2/library/busybox/manifests/latest\": dial tcp: lookup registry-1.docker.io: i/o timeout",
        false, CauseName.RegistryUnreachable,
        "the base image docker.io/library/busybox:latest could not be pulled: this machine cannot reach the registry " +
        "registry-1.docker.io (i/o timeout)", "DNS")]
    [InlineData(
        "ERROR: failed to solve: busybox: failed to resolve source metadata for docker.io/library/busybox:latest: unexpected status from " +
        "HEAD request to https://registry-1.docker.io/v2/library/busybox/manifests/latest: 429 Too Many Requests\ntoomanyrequests: You " +
        "have reached your pull rate limit.",
        false, CauseName.RegistryRateLimited,
        "the base image docker.io/library/busybox:latest could not be pulled: the registry registry-1.docker.io limits how often images " +
        "are pulled", "Wait")]
    [InlineData(
        "#9 0.3 fetch failed: connection refused\nERROR: failed to solve: process \"/bin/sh -c npm ci\" did not complete " +
        "successfully: exit code: 7",
        false, CauseName.BuildFailed, "the step npm ci of the Dockerfile failed with exit code 7", "Correct the step")]
    [InlineData(
        "ERROR: failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit code: 137",
        false, CauseName.OutOfMemory, "the step make of the Dockerfile was killed (exit code 137)", "more memory")]
    [InlineData(
        "ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref abc::def: \"/config/x\": not found",
        false, CauseName.BuildFailed, "the Dockerfile copies /config/x, which the build context does not have", "Commit the file")]
    [InlineData(
        " > [2/2] RUN make:\nERROR: failed to solve: executor failed running [/bin/sh -c make; exit 3]: exit code: 3",
        false, CauseName.BuildFailed, "the step make; exit 3 of the Dockerfile failed with exit code 3", "Correct the step")]
    [InlineData(
        "> [2/2] COPY nosuch /:\n------\nERROR: failed to solve: failed to compute cache key: \"/nosuch\" not found: not found",
        false, CauseName.BuildFailed, "the Dockerfile copies /nosuch, which the build context does not have", "Commit the file")]
    [InlineData(
        "> [internal] load metadata for 10.0.0.2:5000/nosuch:1:\n------\nERROR: failed to solve: rpc error: code = Unknown desc = " +
        "failed to solve with frontend dockerfile.v0: failed to create LLB definition: 10.0.0.2:5000/nosuch:1: not found",
        false, CauseName.ImageNotFound, "the base image 10.0.0.2:5000/nosuch:1 does not exist, or needs a login", "Check FROM")]
    [InlineData(
        "ERROR: failed to solve: dockerfile parse error on line 3: unknown instruction: RUNN (did you mean RUN?)",
        false, CauseName.BuildFailed, "the Dockerfile is not valid: on line 3: unknown instruction: RUNN (did you mean RUN?)",
        "Correct the Dockerfile")]
    [InlineData(
        "#5 0.1 exec /bin/sh: exec format error\nERROR: failed to solve: process \"/bin/sh -c true\" did not complete successfully: " +
        "exit code: 1",
        false, CauseName.WrongArchitecture, "the build runs a program for another processor", "binfmt")]
    [InlineData(
        "ERROR: failed to solve: write /var/lib/buildkit/x: no space left on device",
        false, CauseName.DiskFull, "the disk is full", "docker buildx prune")]
    [InlineData("ERROR: something else", false, CauseName.BuildFailed, "the image could not be built", "runs it again")]
    public void A_build_or_a_push(string output, bool isPush, CauseName name, string message, string next)
    {
        var cause = LocalCauses.OfBuild(output);

        Assert.Equal((name, message, isPush), (cause.Name, cause.Message, LocalCauses.IsPush(output)));
        Assert.Contains(next, cause.NextStep, StringComparison.Ordinal);
        Assert.NotEmpty(cause.Evidence);
    }

    [Fact]
    public void A_step_may_be_long() => Assert.InRange(
        LocalCauses.OfBuild($"process \"/bin/sh -c {new string('x', 900)}\" did not complete successfully: exit code: 1").Message.Length,
        80, 160);
}
