using System.Globalization;

namespace Kamal.Engine.Results;

/// <summary>A plan as text for people: hosts with the same steps are shown once.</summary>
/// <param name="width">The longest line of an overview.</param>
internal sealed class PlanText(int width)
{
    /// <summary>How many hosts are named; of more, the first ones are.</summary>
    private const int NamedHosts = 4;

    /// <summary>The lines.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="isDetailed">Whether each step has a line of its own and its command.</param>
    public IEnumerable<string> Lines(KamalPlan plan, bool isDetailed) =>
    [
        .. Wrapped("", Title(plan)),
        .. plan.IsLive ? ChangeText.Lines(plan).SelectMany(line => Wrapped("      ", line)) : [],
        .. plan.IsLive && !isDetailed ? [] : plan.Phases.SelectMany((phase, index) => Lines(plan, index, isDetailed)),
    ];

    private static string Title(KamalPlan plan)
    {
        var app = plan.Destination is { } destination ? $"{plan.Service} ({destination})" : plan.Service;
        var version = plan.Version is { } known ? $", version {known}" : "";
        return $"{plan.Operation}: {app}{version}. {Count(plan.HostCount, "host")}, {Count(plan.Phases.Length, "phase")}, "
            + $"{Count(plan.StepCount, "step")}, of which {plan.ChangeCount.ToString(CultureInfo.InvariantCulture)} may change something.";
    }

    private IEnumerable<string> Lines(KamalPlan plan, int index, bool isDetailed)
    {
        var phase = plan.Phases[index];
        var title = string.Create(CultureInfo.InvariantCulture, $"{index + 1,2}. {phase.Name}");
        if (phase.Condition is { } condition) title += $", only if {condition}";
        if (phase.Hosts.IsEmpty) return Wrapped("    ", title + " (on this machine)");
        if (!isDetailed && plan.ChangeCount > 0 && !phase.Hosts.Any(host => host.Steps.Any(step => step.IsChange)))
        {
            return Wrapped("    ", $"{title}: {Names(plan, phase.Hosts)} (read-only)");
        }

        var groups = phase.Hosts.GroupBy(host => isDetailed ? DetailedKey(host) : Actions(host)).ToList();
        if (groups is [var all] && !isDetailed && Actions(all.First()) == phase.Name)
        {
            return Wrapped("    ", $"{title}: {Names(plan, all)}{Rest([.. all])}");
        }

        if (!isDetailed && index > 0 && AreSame(phase, plan.Phases[index - 1]))
        {
            return Wrapped("    ", $"{title}: {Names(plan, phase.Hosts)}, as in {index.ToString(CultureInfo.InvariantCulture)}");
        }

        return Wrapped("    ", groups.Count == 1 ? $"{title}: {Names(plan, groups[0])}" : title).Concat(groups.SelectMany(hosts =>
        {
            var lines = isDetailed ? Detailed(hosts.First()) : Overview([.. hosts]);
            return groups.Count == 1 ? lines : Wrapped("    ", $"    {Names(plan, hosts)}:").Concat(lines);
        }));
    }

    /// <summary>Whether two phases do the same on the same hosts.</summary>
    private static bool AreSame(KamalPlanPhase one, KamalPlanPhase other) =>
        one.Hosts.Select(host => (host.HostName, host.Role, Actions(host), Rest([host])))
            .SequenceEqual(other.Hosts.Select(host => (host.HostName, host.Role, Actions(host), Rest([host]))));

    private IEnumerable<string> Overview(IReadOnlyList<KamalPlanHost> hosts) =>
        $"{Actions(hosts[0])}{Rest(hosts)}".Split('\n').SelectMany(line => Wrapped("      ", "      " + line));

    /// <summary>How many steps have no text.</summary>
    private static string Rest(IReadOnlyList<KamalPlanHost> hosts)
    {
        string[] counts =
        [
            Counts(hosts.Select(host => Hidden(host).Count(step => !step.IsRecord)), "read-only", "read-only"),
            Counts(hosts.Select(host => Hidden(host).Count(step => step.IsRecord)), "record", "records"),
            Counts(hosts.Select(host => host.Steps.Count(step => step.OnFailureOnly)), "after a failure", "after a failure"),
        ];
        var rest = string.Join(", ", counts.Where(count => count.Length > 0));
        return rest.Length > 0 ? $" (+ {rest})" : "";
    }

    /// <summary>
    /// What a host does, in one line of text, without the steps that are only counted. Several accessories have a line each, or one for
    /// those that are treated alike.
    /// </summary>
    private static string Actions(KamalPlanHost host)
    {
        var shown = Shown(host);
        var accessories = shown.GroupBy(step => step.Accessory).Select(steps => (steps.Key, Text: Text(steps))).ToList();
        return accessories.Count < 2 || accessories.Exists(one => one.Key is null) ? Text(shown)
            : string.Join('\n', accessories.GroupBy(one => one.Text, one => one.Key)
                .Select(same => $"{string.Join(", ", same)}: {same.Key}"));
    }

    private static string Text(IEnumerable<KamalPlanStep> steps) => string.Join("; ", steps.Select(step =>
        step.Description + (step.Test is null ? "" : " if needed") + (step.Condition is { } condition ? $" (only if {condition})" : "")));

    /// <summary>
    /// The steps with text: those that change something, with the checks that follow the first of them in any case; or else all checks,
    /// or else all steps. The others are counted.
    /// </summary>
    private static List<KamalPlanStep> Shown(KamalPlanHost host)
    {
        var normally = host.Steps.Where(step => !step.OnFailureOnly).ToList();
        var shown = normally.SkipWhile(step => !IsShownChange(step))
            .Where(step => step is { IsCheck: true, Test: null } || IsShownChange(step)).ToList();
        if (shown.Count > 0) return shown;
        var checks = normally.Where(step => step.IsCheck).ToList();
        return checks.Count > 0 ? checks : normally;
    }

    private static bool IsShownChange(KamalPlanStep step) => step is { IsChange: true, IsRecord: false };

    private static IEnumerable<KamalPlanStep> Hidden(KamalPlanHost host) =>
        host.Steps.Where(step => !step.OnFailureOnly).Except(Shown(host));

    /// <summary>A number, or two if hosts differ; nothing for none.</summary>
    private static string Counts(IEnumerable<int> numbers, string one, string many)
    {
        var (least, most) = (numbers.Min(), numbers.Max());
        if (most == 0) return "";
        return least == most ? Count(most, one, many) : string.Create(CultureInfo.InvariantCulture, $"{least} to {most} {many}");
    }

    private static IEnumerable<string> Detailed(KamalPlanHost host) => host.Steps.SelectMany(step =>
    {
        string?[] notes =
        [
            step.IsChange ? null : "read-only", step.OnFailureOnly ? "after a failure" : null,
            step.Condition is { } condition ? $"only if {condition}" : null,
        ];
        var shown = notes.OfType<string>().ToList();
        var test = step.Test is { } needed ? $"if {needed}: " : "";
        var input = step.Input is { } given ? $" < ({given})" : "";
        var suffix = shown.Count > 0 ? $" ({string.Join(", ", shown)})" : "";
        return $"      {step.Description}{suffix}\n{test}{step.Command}{input}".Split('\n')
            .Select((line, index) => index == 0 ? line : "        " + line);
    });

    /// <summary>What hosts with the same text have in common. A command may name its own host.</summary>
    private static string DetailedKey(KamalPlanHost host) => string.Join('\n', host.Steps.Select(step =>
        $"{step.Description}\t{step.Condition}\t{step.OnFailureOnly}\t{step.Test}\t"
            + $"{step.Command.Replace(host.HostName, "\t", StringComparison.Ordinal)}\t{step.Input}"));

    private static string Names(KamalPlan plan, IEnumerable<KamalPlanHost> hosts)
    {
        var all = hosts.ToList();
        var names = all.Select(host => host.HostName).Distinct().ToList();
        var roles = all.Select(host => host.Role).Distinct().ToList() is [{ } only] ? $" ({only})" : "";
        if (names.Count > 1 && names.Count == plan.HostCount) return "all hosts" + roles;
        return string.Join(", ", names.Take(NamedHosts))
            + (names.Count > NamedHosts ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - NamedHosts} more") : "")
            + roles;
    }

    private static string Count(int number, string noun, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? noun : plural ?? noun + "s")}");

    /// <summary>Breaks a line at blanks; the lines after the first are indented.</summary>
    private IEnumerable<string> Wrapped(string indent, string text)
    {
        while (text.Length > width && text.LastIndexOf(' ', width) is var blank && blank > indent.Length + 6)
        {
            yield return text[..blank].TrimEnd();
            text = indent + text[blank..].TrimStart();
        }

        yield return text;
    }
}
