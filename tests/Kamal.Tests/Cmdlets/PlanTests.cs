using System.Management.Automation;
using Kamal.Engine.Results;
using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>What people see of plans: <c>Get-KamalPlan</c>, and the same under -WhatIf.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly TestSession _session = new();

    [Fact]
    public void A_plan_does_not_connect_or_read_secrets()
    {
        _session.Write(".kamal/secrets", "PW=$(touch ran)\n");
        var plan = Assert.Single(_session.Run("Get-KamalPlan -SkipPush -Version v2").Results<KamalPlan>());
        Assert.Equal(("Deploy", "shop", "v2", 3), (plan.Operation, plan.Service, plan.Version, plan.HostCount));
        Assert.Empty(_session.Asked);
        Assert.False(File.Exists(Path.Combine(_session.Folder, "ran")));
    }

    [Fact]
    public void The_commands_are_those_that_the_host_gets_with_secrets_redacted()
    {
        var steps = _session.Run("(Get-KamalPlan -SkipPush -Version v2).Phases.Hosts.Steps").Results<KamalPlanStep>().ToList();
        Assert.Contains(steps, step => step.Command.Contains("--name shop-web-v2", StringComparison.Ordinal) && step.IsChange);
        Assert.All(steps, step => Assert.All(SampleProject.SecretValues, secret =>
            Assert.DoesNotContain(secret, step.Command + step.Input, StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatIf_can_be_captured_and_searched()
    {
        var found = _session.Run("(Invoke-KamalDeploy -SkipPush -Version v2 -WhatIf 6>&1) -match 'Prune containers'");
        Assert.Single(found.Output);
        var variable = _session.Run(
            "Invoke-KamalDeploy -SkipPush -Version v2 -WhatIf -InformationVariable plan | Out-Null; $plan | Where-Object Tags -contains Plan");
        Assert.Contains(variable.Results<InformationRecord>(), record => $"{record}".Contains("Pull the image", StringComparison.Ordinal));
    }

    [Fact]
    public void Results_of_WhatIf_carry_their_steps()
    {
        var results = _session.Run("Invoke-KamalDeploy -SkipPush -Version v2 -WhatIf").Results<KamalDeployResult>().ToList();
        Assert.All(results, result => Assert.Contains(result.Steps, step =>
            step.Command.Contains($"--name shop-{result.Role}-v2", StringComparison.Ordinal)));
        Assert.All(results, result => Assert.DoesNotContain(result.Steps, step => step.Role is { } role && role != result.Role));
    }

    [Fact]
    public void The_version_of_a_rollback_is_found_by_its_plan() =>
        Assert.Equal(["Find the previous version"], _session.Run("(Get-KamalPlan Rollback).Phases.Name -like 'Find*'").Results<string>());

    [Fact]
    public void Operations_are_completed()
    {
        var names = _session.Run("(TabExpansion2 'Get-KamalPlan Acc' 17).CompletionMatches.CompletionText").Results<string>();
        Assert.Contains("AccessoryReboot", names);
    }

    public void Dispose() => _session.Dispose();
}
