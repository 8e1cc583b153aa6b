using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class OrphanCommandsTests
{
    [Fact]
    public void Containers_and_images_are_listed_whole() => Rendered.Equal(
        (OrphanCommands.Containers(),
            "docker ps --all --no-trunc --format '{\"id\":{{json .ID}},\"name\":{{json .Names}},\"image\":{{json .Image}},"
                + "\"state\":{{json .State}},\"status\":{{json .Status}},\"ports\":{{json .Ports}},\"created\":{{json .CreatedAt}},"
                + "\"service\":{{json (.Label \"service\")}},\"role\":{{json (.Label \"role\")}},"
                + "\"destination\":{{json (.Label \"destination\")}},\"mounts\":{{json .Mounts}}}'"),
        (OrphanCommands.Images(),
            "docker image ls --no-trunc --format '{\"id\":{{json .ID}},\"repository\":{{json .Repository}},\"tag\":{{json .Tag}},"
                + "\"created\":{{json .CreatedAt}},\"size\":{{json .Size}},\"digest\":{{json .Digest}}}'"),
        (OrphanCommands.ImagesOf("shop"), "docker image ls --no-trunc --quiet --filter label=service=shop"));

    [Fact]
    public async Task Files_are_listed_and_measured()
    {
        using var files = new ConfigurationFixture();
        files.Write("config/deploy.yml", ConfigurationFixture.Combine(
            "accessories: { db: { image: \"mysql:8\", host: 1.1.1.1 }, mail: { image: \"mail:1\", host: 1.1.1.1, service: post } }"));
        var configuration = await files.LoadAsync();
        Rendered.Equal(
            (OrphanCommands.Machine(configuration), "cat /proc/sys/kernel/random/boot_id && stat -c %d:%i .kamal 2>/dev/null"),
            (OrphanCommands.Files(configuration),
                "find .kamal/apps .kamal/proxy/apps-config -mindepth 1 -maxdepth 4 -exec stat -c '%F|%s|%Y|%n' '{}' + 2>/dev/null ; "
                    + "find .kamal -mindepth 1 -maxdepth 1 -name 'lock-app*' -exec stat -c '%F|%s|%Y|%n' '{}' + 2>/dev/null ; "
                    + "find . -mindepth 1 -maxdepth 1 -type d -name 'app-*' -exec stat -c '%F|%s|%Y|%n' '{}' + 2>/dev/null"),
            (OrphanCommands.Sizes(configuration),
                "find .kamal/apps .kamal/proxy/apps-config -mindepth 1 -maxdepth 1 -name 'app*' -exec timeout 5 du -sk '{}' + "
                    + "2>/dev/null ; "
                    + "find .kamal/apps -mindepth 4 -maxdepth 4 -path '.kamal/apps/app*/assets/*' -exec timeout 5 du -sk '{}' + "
                    + "2>/dev/null ; "
                    + "find . -mindepth 1 -maxdepth 1 -type d -name 'app-*' '!' -name app-db '!' -name post -exec timeout 5 du -sk '{}' + "
                    + "2>/dev/null"));
    }

    [Fact]
    public void Orphans_are_removed_one_by_one() => Rendered.Equal(
        (OrphanCommands.Stop("c1"), "docker container stop c1"),
        (OrphanCommands.RemoveContainer("c1"), "docker container rm c1"),
        (OrphanCommands.RemovePath(".kamal/apps/a b"), "rm -rf -- '.kamal/apps/a b'"),
        (OrphanCommands.RemoveVolume("data"), "docker volume rm data"),
        (OrphanCommands.RemoveImage("shop:v1"), "docker image rm shop:v1"),
        (OrphanCommands.HasNoRoute(), "! docker exec kamal-proxy kamal-proxy list 2>/dev/null | sed 1d | grep -q ."));
}
