using System.Management.Automation;
using System.Reflection;
using Kamal.Completion;
using Kamal.Engine.Results;
using Kamal.Sessions;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Completion;

/// <summary>Every parameter that names something that exists completes its names.</summary>
public sealed class EveryParameterTests : IDisposable
{
    /// <summary>Parameters whose values are not names of things that exist.</summary>
    private static readonly Dictionary<string, string> Free = new()
    {
        ["Command"] = "a command line of the app's own",
        ["ConfigFile"] = "a path, which PowerShell completes",
        ["DockerOptions"] = "options of docker run",
        ["Grep"] = "a pattern",
        ["GrepOptions"] = "options of grep",
        ["ImageVersion"] = "a tag of an image that is not ours",
        ["Json"] = "a document",
        ["LogMaxSize"] = "a size",
        ["MaxFailure"] = "a number or a percentage",
        ["Message"] = "a message",
        ["PublishHostIp"] = "an address of the host",
        ["Registry"] = "a server",
        ["Repository"] = "a repository",
        ["Since"] = "a time",
    };

    private readonly ListedShop _shop = new();

    private static IEnumerable<(string Cmdlet, PropertyInfo Parameter)> Texts => All.Types
        .SelectMany(type => All.Parameters(type).Select(property => (All.NameOf(type), property)))
        .Where(item => item.property.PropertyType is var type && (type == typeof(string) || type == typeof(string[])))
        .Where(item => !item.property.GetCustomAttributes<ParameterAttribute>().All(parameter => parameter.DontShow));

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void A_parameter_of_text_has_a_completer_unless_its_values_are_free()
    {
        foreach (var (cmdlet, parameter) in Texts)
        {
            Assert.True(
                Free.ContainsKey(parameter.Name) != parameter.IsDefined(typeof(ArgumentCompleterAttribute), inherit: true),
                $"{cmdlet} -{parameter.Name}: add a completer, or say in this test why its values are free.");
        }

        Assert.Empty(Free.Keys.Except(Texts.Select(item => item.Parameter.Name)));
    }

    [Fact]
    public void Each_completer_offers_what_the_project_and_earlier_results_name()
    {
        var session = _shop.Session;
        session.Write("config/deploy.staging.yml", "servers:\n  web: [ 198.51.100.7 ]\n");
        session.Write(".kamal/secrets", SampleProject.Secrets
            + "ALL=$(kamal secrets fetch --adapter 1password --account acme --from Shop/Database API_KEY)\n");
        Assert.Empty(session.Run("$null = Get-KamalContainer").Errors);
        var seen = KamalSession.For(session.Runspace).SeenIn(SeenProject.Of(session.Folder, null, null));
        seen.Remember(new KamalLock("192.0.2.1", true) { Owner = "me@here" });
        seen.Remember(new KamalOrphan("192.0.2.1", KamalOrphanKind.Volume, "shop-db"));
        foreach (var (cmdlet, parameter) in Texts.Where(item => item.Parameter.IsDefined(typeof(ArgumentCompleterAttribute), inherit: true)))
        {
            var line = $"{cmdlet} -{parameter.Name} ";
            var matches = Matches(line);
            Assert.True(matches.Count > 0, $"'{line}' completes nothing.");
            Assert.All(matches, match => Assert.NotEmpty(match.ToolTip));
            // What is completed to a part of a value includes that value.
            var first = matches[0].CompletionText;
            Assert.Contains(Matches(line + first[..1]), match => match.CompletionText == first);
        }
    }

    [Fact]
    public void Every_completer_of_the_module_is_used()
    {
        var used = Texts.SelectMany(item => item.Parameter.GetCustomAttributes<ArgumentCompleterAttribute>())
            .Select(attribute => attribute.Type).ToHashSet();
        Assert.Empty(typeof(KamalCompleter).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(KamalCompleter)) && !type.IsAbstract).Except(used));
    }

    private List<CompletionResult> Matches(string line)
    {
        using var shell = PowerShell.Create(_shop.Session.Runspace);
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches
            .Where(match => match.ResultType == CompletionResultType.ParameterValue)];
    }
}
