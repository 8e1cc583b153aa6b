using System.Globalization;
using System.Text;
using Kamal.Testing.Keys;

namespace Kamal.Engine.Tests.Operations.Keys;

/// <summary>docs/plan-keys.md, from the table.</summary>
internal static class KeyDocument
{
    private const string Intro = """
        # Keys of deploy.yml in a plan

        What `Get-KamalPlan -Live` says after one key of deploy.yml was changed; see [plans](plans.md#compared-with-the-hosts).
        A test writes this file (`KAMAL_WRITE_DOCS=1 dotnet test tests/Kamal.Engine.Tests -c Release --filter KeyDriftTests`) from
        the table by which it changes each documented key and expects the plan to name this key and nothing else. On real engines, the same
        table is used, each change is applied by the cmdlets that the plan names (`AppliedBy`), and the plan is empty again
        (`KAMAL_ALL_KEYS=1`, `KeyScenarios`).

        ## Keys that are named

        Keys of `proxy` are the same in a role and in an accessory. There, they concern that role or accessory only.

        | key | is named as | of |
        |---|---|---|

        """;

    private const string Without = """

        ## Keys that are not

        They change nothing of what runs on the hosts.

        | key | because it |
        |---|---|

        """;

    public static string Text()
    {
        var text = new StringBuilder(Intro);
        foreach (var change in KeyChanges.All.Where(change => change.Reason is null && !IsRepeated(change.Key)))
        {
            var named = change.Named.Select(name => name.Split(' ')).ToList();
            text.Append(CultureInfo.InvariantCulture, $"| `{change.Key}` | {string.Join(", ", named.Select(name => NameOf(name[1])).Distinct())} | "
                + $"{string.Join(", ", named.Select(name => Kind(name[0])).Distinct())} |\n");
        }

        foreach (var change in KeyChanges.All.Where(change => change.NotApplied is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"\nA change of `{change.Key}` is not applied there: {change.NotApplied}.\n");
        }

        text.Append(Without);
        foreach (var change in KeyChanges.All.Where(change => change.Reason is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{change.Key}` | {change.Reason} |\n");
        }

        return text.ToString();
    }

    private static bool IsRepeated(string key) =>
        key.StartsWith("servers/ROLE/proxy/", StringComparison.Ordinal)
        || key.StartsWith("accessories/ACCESSORY/proxy/", StringComparison.Ordinal);

    private static string NameOf(string name) => char.IsUpper(name[0]) ? $"to do: {name}" : $"`{name}`";

    private static string Kind(string who) => who switch
    {
        "web" or "api" => "roles",
        "proxy" => "the proxy's container",
        _ => "accessories",
    };
}
