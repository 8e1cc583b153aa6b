using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class AssetCommandsTests
{
    private const string Extracted = ".kamal/apps/app/assets/extracted";

    private const string Volumes = ".kamal/apps/app/assets/volumes";

    [Fact]
    public async Task Assets_are_extracted_synced_and_cleaned_up()
    {
        var commands = await CommandsAsync("/public/assets");
        Rendered.Equal(
            (commands.Extract(),
                $"mkdir -p {Extracted}/web-v1 && {{ docker container rm app-web-assets 2>/dev/null || true ; }} && docker container "
                    + $"create --name app-web-assets dhh/app:v1 "
                + $"&& docker container cp -L app-web-assets:/public/assets/. {Extracted}/web-v1 && docker container rm app-web-assets"),
            (commands.Sync("old"),
                $"mkdir -p {Volumes}/web-v1 && cp -rnT {Extracted}/web-v1 {Volumes}/web-v1 && {{ '[' -z \"${{old}}\" ']' || "
                + $"{{ cp -rnT {Extracted}/web-v1 {Volumes}/web-\"${{old}}\" 2>/dev/null ; cp -rnT {Extracted}/web-\"${{old}}\" "
                + $"{Volumes}/web-v1 2>/dev/null ; true ; }} ; }}"),
            (commands.CleanUp(),
                $"find {Extracted} -maxdepth 1 -name 'web-*' '!' -name web-v1 -exec rm -rf '{{}}' + ; find {Volumes} -maxdepth 1 -name "
                    + $"'web-*' '!' -name web-v1 -exec rm -rf '{{}}' +"));
    }

    [Fact]
    public async Task A_destination_and_a_path_with_blanks_are_kept_apart() => Assert.Equal(
        "mkdir -p .kamal/apps/app-staging/assets/extracted/web-v1 && { docker container rm app-web-staging-assets 2>/dev/null || true ; } "
        + "&& docker container create --name app-web-staging-assets dhh/app:v1 "
        + "&& docker container cp -L 'app-web-staging-assets:/my assets/.' .kamal/apps/app-staging/assets/extracted/web-v1 && docker "
        + "container rm app-web-staging-assets",
        (await CommandsAsync("/my assets", "staging")).Extract().Text);

    private static async Task<AssetCommands> CommandsAsync(string path, string? destination = null)
    {
        var configuration = await ConfigurationFixture.LoadWithAsync($"asset_path: {path}\n", destination);
        return new(configuration, configuration.Roles[0]);
    }
}
