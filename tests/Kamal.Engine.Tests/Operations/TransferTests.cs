using System.Text;
using System.Text.RegularExpressions;
using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>An image that goes to the hosts without a registry.</summary>
public sealed class TransferTests : IDisposable
{
    private const string Id = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static readonly DeployOptions SkipPush = new() { SkipPush = true };

    private readonly OperationFixture _fixture = new OperationFixture()
        .Write("config/deploy.yml", "service: shop\nservers: [ 1.1.1.1, 1.1.1.2 ]\nbuilder: { arch: amd64, context: . }\n")
        .Write("Dockerfile", "FROM scratch\n");

    public TransferTests()
    {
        _fixture.Local.Answer = command => RecordingRunner.Call(command).StartsWith("docker image inspect", StringComparison.Ordinal)
            ? new(command, 0, Id + "\n")
            : null;
        _fixture.Fleet.Answer("Find the running version", "v0").Answer("Start the new container", "c1");
    }

    private IEnumerable<string> Docker => _fixture.Local.Displays.Where(command => command.StartsWith("docker ", StringComparison.Ordinal));

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Without_a_registry_the_image_has_the_services_name_and_goes_directly()
    {
        var configuration = await _fixture.LoadAsync();
        Assert.True(configuration.IsTransferredDirectly);
        Assert.Equal("shop:v1", configuration.AbsoluteImage);
        Assert.True(configuration.Registry.IsNone);
        Assert.False(configuration.Registry.IsDockerHub);
    }

    [Fact]
    public async Task It_takes_the_place_of_the_pull_and_no_further_round_trip()
    {
        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        Assert.Equal(5, _fixture.Fleet.RoundTrips("1.1.1.1"));
        Assert.Equal(4, _fixture.Fleet.RoundTrips("1.1.1.2"));
        Assert.Equal("Transfer the image", _fixture.Fleet.Phases[0]);
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.1"), command => command.Contains("docker login -u", StringComparison.Ordinal));
        Assert.Empty(_fixture.Fleet.Served);
        Assert.Equal(4, _fixture.Fleet.Forwards.Count);
    }

    [Fact]
    public async Task A_host_pulls_by_digest_from_its_own_port_and_keeps_only_the_apps_name()
    {
        await _fixture.RunAsync(BuildOperations.Install());

        var commands = _fixture.Fleet.Ran("1.1.1.1").Concat(_fixture.Fleet.Ran("1.1.1.2"))
            .Where(command => command.Contains("localhost:", StringComparison.Ordinal))
            .Select(command => Regex.Replace(command, "sha256:[0-9a-f]{64}", "DIGEST"))
            .Select(command => Regex.Matches(command, "docker (pull|tag|image rm) [^>&]*[^>& ]").Select(match => match.Value)).ToList();
        string[] Expected(int port) =>
        [
            $"docker pull localhost:{port}/shop@DIGEST",
            $"docker tag localhost:{port}/shop@DIGEST shop:v1",
            $"docker image rm localhost:{port}/shop@DIGEST",
        ];
        Assert.Equal([Expected(5001), Expected(5002)], commands);
    }

    [Fact]
    public async Task A_host_that_has_the_image_gets_its_name_only()
    {
        _fixture.Fleet.Answer("Look for the image", "sha256:ccc", "1.1.1.2");

        await _fixture.RunAsync(BuildOperations.Install());

        Assert.Contains("docker tag \"${present}\" shop:v1", _fixture.Fleet.Ran("1.1.1.2"));
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.2"), command => command.Contains("localhost:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_password_is_input_and_of_one_run()
    {
        await _fixture.RunAsync(BuildOperations.Install());
        var first = Password();
        await _fixture.RunAsync(BuildOperations.Install());

        Assert.Matches("^kamal:[0-9a-f]{32}$", first);
        Assert.NotEqual(first, Password());
        Assert.DoesNotContain(
            _fixture.Fleet.Ran("1.1.1.1").Concat(_fixture.Local.Calls), command => command.Contains(first, StringComparison.Ordinal));

        string Password() => LoginOf(_fixture.Fleet.Scripts[^1].Script.Steps.Single(step => step.Input is { } given
            && given.Description == "a login for this run").Input!.Content.Span);
    }

    [Fact]
    public async Task While_it_lasts_each_host_is_served_the_image_and_bytes_are_counted()
    {
        var asked = "";
        var fleet = new InterceptingFleet(_fixture.Fleet, script =>
        {
            if (script.Phase != "Transfer the image" || asked.Length > 0) return script;
            var steps = script.Steps.ToDictionary(step => step.Name);
            var pull = Regex.Match(steps["Transfer the image to the host"].Command.Text, "docker pull (\\S+)").Groups[1].Value;
            var password = LoginOf(steps["Transfer the image to the host"].Input!.Content.Span).Split(':')[1];
            asked = Get(_fixture.Fleet.Served["1.1.1.1"], $"/v2/shop/manifests/{pull.Split('@')[1]}", password);
            Get(_fixture.Fleet.Served["1.1.1.1"], "/v2/shop/blobs/" + Digests(asked)[1], password);
            return script;
        });

        await _fixture.RunAsync(BuildOperations.Install(), fleet);

        Assert.StartsWith("HTTP/1.1 200", asked, StringComparison.Ordinal);
        Assert.Contains(_fixture.Sink.Events.OfType<TransferProgressed>(), sent => sent is { HostName: "1.1.1.1", Sent: > 0 });
        var told = _fixture.Sink.Events.OfType<MessageEmitted>().Select(message => message.Text).ToList();
        Assert.Contains(told, text => text.EndsWith("MB to 1 host; the image has 0.0 MB.", StringComparison.Ordinal));
        Assert.Contains("The host has the image already.", told);
    }

    [Fact]
    public async Task The_image_is_saved_once_and_then_only_looked_at()
    {
        await _fixture.RunAsync(BuildOperations.Install());
        await _fixture.RunAsync(BuildOperations.Install());

        Assert.Equal(
            ["docker image inspect --format '{{.Id}}' shop:v1", "docker save shop:v1", "docker image inspect --format '{{.Id}}' shop:v1"],
            Docker);
    }

    [Fact]
    public async Task It_is_built_for_this_machines_engine_and_not_pushed()
    {
        await _fixture.RunAsync(DeployOperations.Deploy(new()));

        var build = Docker.Single(command => command.StartsWith("docker buildx build", StringComparison.Ordinal));
        Assert.StartsWith(
            "docker buildx build --output=type=docker --platform linux/amd64 -t shop:v1 -t shop:latest", build, StringComparison.Ordinal);
        Assert.DoesNotContain(Docker, command => command.Contains("login", StringComparison.Ordinal));
        Assert.DoesNotContain(Docker, command => command.Contains("--builder", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_container_has_docker_look_for_the_image_at_Docker_Hub()
    {
        _fixture.Write("config/deploy.yml",
            "service: shop\nservers: [ 1.1.1.1 ]\nbuilder: { arch: amd64, context: . }\nasset_path: /app/public\n");
        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));
        await _fixture.RunAsync(AppOperations.Exec(new("true")));

        var made = _fixture.Fleet.Ran("1.1.1.1").Where(command => Regex.IsMatch(command, "docker (container create|run)")
            && command.Contains(" shop:v1", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, made.Count);
        Assert.All(made, command => Assert.Contains(" --pull never ", command, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_configured_registry_is_left_alone_and_its_name_is_kept()
    {
        _fixture.Write("config/deploy.yml", """
            service: shop
            image: me/shop
            servers: [ 1.1.1.1 ]
            builder: { arch: amd64, context: . }
            registry: { server: ghcr.io, username: me, password: [ PW ] }
            x-kamal-ps: { transfer: direct }
            """);
        await _fixture.RunAsync(DeployOperations.Deploy(new()));

        var ran = _fixture.Fleet.Ran("1.1.1.1");
        Assert.Contains(ran, command => command.Contains("docker pull localhost:5001/me/shop@sha256:", StringComparison.Ordinal));
        Assert.Contains(ran, command => command.EndsWith(" ghcr.io/me/shop:v1", StringComparison.Ordinal));
        Assert.DoesNotContain(ran.Concat(Docker), command => command.Contains("login ghcr.io", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_that_this_machine_lacks_is_named()
    {
        _fixture.Local.Answer = command => RecordingRunner.Call(command).StartsWith("docker image inspect", StringComparison.Ordinal)
            ? new(command, 1, "", "Error response from daemon: No such image: shop:v1")
            : null;

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.Equal((KamalErrorId.ImageInvalid, CauseName.ImageNotFound), (error.Id, error.Cause!.Name));
        Assert.Contains("does not have the image shop:v1", error.Message, StringComparison.Ordinal);
        Assert.Empty(_fixture.Fleet.Scripts);
    }

    [Fact]
    public async Task What_docker_says_comes_before_that_its_output_is_no_image()
    {
        _fixture.Local.Saved = () => [];
        _fixture.Local.Answer = command => RecordingRunner.Call(command).StartsWith("docker save", StringComparison.Ordinal)
            ? new(command, 1, "", "error during connect") : new(command, 0, Id);
        var failed = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(BuildOperations.Install()));
        Assert.Contains("error during connect", failed.Message, StringComparison.Ordinal);

        _fixture.Local.Answer = command => new(command, 0, Id);
        var broken = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(BuildOperations.Install()));
        Assert.Equal(KamalErrorId.ImageInvalid, broken.Id);
        Assert.Contains("is not an image", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_fails_leaves_no_port_and_nothing_of_the_transfer()
    {
        _fixture.Fleet.Fail(
            "1.1.1.1", "Transfer the image to the host", error: "write /var/lib/docker/tmp/x: no space left on device");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.Equal(CauseName.DiskFull, error.Cause!.Name);
        Assert.Empty(_fixture.Fleet.Served);
        // Nothing more is done, and the lock, which is taken at the end of the same script, was not.
        Assert.Equal(["Transfer the image", "End the entry in the history"], _fixture.Fleet.Phases);
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_host_with_another_processor()
    {
        _fixture.Fleet.Fail("1.1.1.2", "Check the image's architecture", error: "aarch64");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.Equal(CauseName.WrongArchitecture, error.Cause!.Name);
        Assert.Contains("the image is built for amd64, and the host has another processor", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.2"), command => command.Contains("docker pull", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_waits_until_the_host_has_removed_the_login()
    {
        _fixture.Fleet.Stop("1.1.1.2", "Transfer the image to the host");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.RunAsync(BuildOperations.Install()));

        Assert.EndsWith("; rm -rf .kamal/apps/shop/transfer-5002", _fixture.Fleet.Ran("1.1.1.2")[^1], StringComparison.Ordinal);
        Assert.Empty(_fixture.Fleet.Served);
    }

    [Fact]
    public async Task A_server_that_forwards_no_port_is_an_error_only_where_the_image_is_missing()
    {
        var fleet = new InterceptingFleet(_fixture.Fleet, script => script)
        {
            Refusal = host => host == "1.1.1.2"
                ? new KamalException(KamalErrorId.ConnectionFailed, "1.1.1.2: the server refused to listen on a port.")
                : null,
        };
        _fixture.Fleet.Fail("1.1.1.2", "Transfer the image to the host");
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(BuildOperations.Install(), fleet));
        Assert.Contains("the server refused to listen on a port", error.Message, StringComparison.Ordinal);
        Assert.Contains("AllowTcpForwarding", error.Recommendation, StringComparison.Ordinal);

        _fixture.Fleet.Answer("Look for the image", "sha256:ccc", "1.1.1.2");
        var results = await _fixture.RunAsync(BuildOperations.Install(), fleet);
        Assert.All(results, result => Assert.Equal(HostOutcome.Succeeded, result.Outcome));
    }

    [Fact]
    public async Task A_preview_shows_the_commands_without_an_image_or_a_port()
    {
        await _fixture.PreviewAsync(DeployOperations.Deploy(SkipPush));

        var shown = _fixture.Sink.Events.OfType<StepPreviewed>().Select(step => step.Step.Command.Display).ToList();
        Assert.Contains(shown, command => command.Contains("docker pull localhost:PORT/shop@sha256:DIGEST >", StringComparison.Ordinal));
        Assert.Contains(_fixture.Sink.Events.OfType<LocalPreviewed>(), local => local.Command == "docker save shop:v1");
    }

    [Fact]
    public async Task A_registry_is_needed_by_what_only_has_to_do_with_one()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(RegistryOperations.Connect(new())));
        Assert.Equal(KamalErrorId.ArgumentInvalid, error.Id);
        Assert.Contains("There is no registry", error.Message, StringComparison.Ordinal);
    }

    private static string LoginOf(ReadOnlySpan<byte> configuration) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(Regex.Match(Encoding.UTF8.GetString(configuration), "\"auth\":\"(.*?)\"")
            .Groups[1].Value));

    private static string[] Digests(string manifest) =>
        [.. Regex.Matches(manifest.Split("\r\n\r\n")[1], "sha256:[0-9a-f]{64}").Select(match => match.Value)];

    private static string Get(Func<Stream, CancellationToken, Task> serve, string path, string password) =>
        GetAsync(serve, path, password).GetAwaiter().GetResult();

    private static async Task<string> GetAsync(Func<Stream, CancellationToken, Task> serve, string path, string password)
    {
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes("kamal:" + password));
        var answer = new MemoryStream();
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nAuthorization: Basic {login}\r\nConnection: close\r\n\r\n");
        await serve(new TwoWayStream(new MemoryStream(request), answer), TestContext.Current.CancellationToken);
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
