using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ContainerFiguresTests : IDisposable
{
    private readonly ConfigurationFixture _files = new();

    [Fact]
    public async Task It_asks_for_the_apps_containers_only()
    {
        var configuration = await _files.Write("config/deploy.yml", ConfigurationFixture.Combine("")).LoadAsync(version: "v1");

        Rendered.Equal(
            (ContainerFigures.Ids(configuration), "docker ps --all --filter label=service=app --filter label=destination= --quiet"),
            (ContainerFigures.States("containers"),
                "printf '%s\\n' \"${containers}\" | xargs docker inspect --format '{\"id\":{{json .ID}},\"name\":{{json .Name}},"
                + "\"role\":{{json (index .Config.Labels \"role\")}},\"created\":{{json .Created}},\"status\":{{json .State.Status}},"
                + "\"health\":{{if .State.Health}}{{json .State.Health.Status}}{{else}}null{{end}},\"restarts\":{{.RestartCount}},"
                + "\"exit\":{{.State.ExitCode}}}'"),
            (ContainerFigures.Usage(configuration),
                "docker ps --filter label=service=app --filter label=destination= --filter status=running --quiet | xargs docker stats "
                + "--no-stream --format '{{.ID}} {{.CPUPerc}} {{.MemUsage}}'"));
    }

    [Fact]
    public void It_reads_states()
    {
        var states = ContainerFigures.ParseStates(
            """{"id":"c1","name":"/app-web-v1","role":"web","created":"2026-01-01T00:00:00.5Z","status":"running","health":null,"""
            + "\"restarts\":2,\"exit\":0}"
            + "\n{\"id\":\"c2\",\"name\":7}\nError: No such object\n[]\n");

        var state = Assert.Single(states);
        Assert.Equal(
            ("c1", "app-web-v1", "web", "running", null, 2),
            (state.Id, state.Name, state.Role, state.Status, state.Health, state.Restarts));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, 500, TimeSpan.Zero), state.CreatedAt);
    }

    [Theory]
    [InlineData("c1 0.07% 12.5MiB / 1.5GiB", 0.07, 13107200L, 1610612736L)]
    [InlineData("c1 250% 512B / 2kB", 250.0, 512L, 2000L)]
    [InlineData("c1 -- -- / --", null, null, null)]
    [InlineData("c1 NaN% 1e300TiB / 1XB", null, null, null)]
    public void It_reads_what_is_used(string line, double? cpu, long? memory, long? limit)
    {
        var usage = Assert.Single(ContainerFigures.ParseUsage(line + "\nodd line\n"));
        Assert.Equal(("c1", cpu, memory, limit), (usage.Id, usage.Cpu, usage.Memory, usage.MemoryLimit));
    }

    public void Dispose() => _files.Dispose();
}
