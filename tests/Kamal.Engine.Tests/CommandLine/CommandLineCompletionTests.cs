using System.Collections.Immutable;
using Kamal.Engine.CommandLine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.CommandLine;

public sealed class CommandLineCompletionTests
{
    private static readonly ConfigurationNames Shop = new()
    {
        Hosts = ["192.0.2.1", "192.0.2.2"],
        Roles = ["web", "workers"],
        Accessories = ["db", "cache"],
        Destinations = ["production", "staging"],
        Aliases = new Dictionary<string, string> { ["console"] = "app exec -i", ["lo"] = "app logs" }.ToImmutableDictionary(),
    };

    private static readonly ShellOptions Shell = new()
    {
        Options = [new("WhatIf", OptionKind.Flag, "Show what would be done")],
        Spelling = (_, option) => option.Name == "skip-push" ? "-SkipPush" : null,
    };

    [Theory]
    [InlineData("de", "deploy details")]
    [InlineData("app l", "logs live")]
    [InlineData("app remove_", "")]
    [InlineData("proxy boot", "boot boot_config")]
    [InlineData("con", "config console")]
    [InlineData("he", "help")]
    [InlineData("help app e", "exec")]
    [InlineData("help dep", "deploy")]
    [InlineData("deploy --skip", "--skip-hooks --skip-unreachable --skip-push")]
    [InlineData("deploy --on-host-failure r", "rollback")]
    [InlineData("deploy -W", "-WhatIf")]
    [InlineData("deploy -Sk", "-SkipPush")]
    [InlineData("lo --li", "--lines")]
    [InlineData("app exec --he", "--help")]
    [InlineData("deploy -d s", "staging")]
    [InlineData("deploy --destination=p", "--destination=production")]
    [InlineData("app boot -r w", "web workers")]
    [InlineData("app boot -h 192.0.2.1,192.0.2.2", "192.0.2.1,192.0.2.2")]
    [InlineData("accessory boot ", "db cache all")]
    [InlineData("accessory boot -d staging c", "cache")]
    [InlineData("accessory boot db ", "")]
    [InlineData("rollback v", "v2 v1")]
    [InlineData("secrets fetch -a bitw", "bitwarden bitwarden-sm")]
    [InlineData("app logs --container-id ", "container-id1 container-id-of-default")]
    [InlineData("app logs -d staging --container-id=", "--container-id=container-id1 --container-id=container-id-of-staging")]
    [InlineData("secrets fetch --account ", "account1 account-of-default")]
    [InlineData("secrets fetch --from ", "from1 from-of-default")]
    [InlineData("secrets fetch -a 1password A ", "SECRETS1 SECRETS-of-default")]
    [InlineData("secrets extract ", "NAME1 NAME-of-default")]
    [InlineData("secrets extract A ", "")]
    [InlineData("build push --output l", "local")]
    [InlineData("deploy --version ", "v2 v1")]
    [InlineData("app exec -- -", "")]
    [InlineData("app exec ls ", "")]
    public void A_word_is_completed(string line, string expected)
    {
        var words = line.Split(' ');
        var completed = new CommandLineCompletion(_ => Shop, Shell)
        {
            Adapters = VaultClient.AdapterNames,
            Others = (kind, options) => kind switch
            {
                "VERSION" => Words("v2", "v1"),
                _ => Words($"{kind}1", $"{kind}-of-{options.GetValueOrDefault("destination") ?? "default"}"),
            },
        }.Complete(words[..^1], words[^1]);
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), completed.Select(word => word.Text));
        Assert.All(completed, word => Assert.NotEmpty(word.Help));
    }
    private static IEnumerable<CompletedWord> Words(params string[] words) => words.Select(word => new CompletedWord(word, word));
}
