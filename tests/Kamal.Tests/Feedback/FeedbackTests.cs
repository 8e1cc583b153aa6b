using System.Management.Automation;
using System.Management.Automation.Subsystem;
using System.Management.Automation.Subsystem.Feedback;
using System.Reflection;
using Kamal.Engine;
using Kamal.Engine.Results;
using Kamal.Feedback;
using Kamal.Tests.Support;

namespace Kamal.Tests.Feedback;

/// <summary>What is offered after an error and after a deploy, through the engine's own types.</summary>
public sealed class FeedbackTests : IDisposable
{
    private readonly TestSession _session = new();

    public FeedbackTests() => FeedbackProvider.Register();

    public void Dispose()
    {
        FeedbackProvider.Unregister();
        _session.Dispose();
    }

    [Theory]
    [InlineData("Install it with Initialize-KamalServer (kamal server bootstrap).", "Initialize-KamalServer", "kamal server bootstrap")]
    [InlineData(
        "Finish with Invoke-KamalAppBoot -Version v1 (kamal app boot --version v1).", "Invoke-KamalAppBoot -Version v1",
        "kamal app boot --version v1")]
    [InlineData("Get-KamalContainer (kamal app containers) lists the containers.", "Get-KamalContainer", "kamal app containers")]
    [InlineData(
        "Remove it all the same with Remove-KamalProxy -Force (kamal proxy remove --force) if you must.", "Remove-KamalProxy -Force",
        "kamal proxy remove --force")]
    [InlineData("Get-KamalLog -Accessory db; rm -rf / (kamal accessory logs)", "Get-KamalLog -Accessory db", "kamal accessory logs")]
    [InlineData("Get-KamalLog -Accessory $(reboot) (kamal nosuch thing)", "Get-KamalLog", "")]
    [InlineData("Invoke-KamalEverything now, or kamal everything", "", "")]
    [InlineData("Nothing can be done.", "", "")]
    public void The_advice_of_an_error_is_offered_in_the_form_that_was_used(string advice, string cmdlet, string line)
    {
        KamalException error = new(KamalErrorId.OperationFailed, "It failed.") { Recommendation = advice };
        Assert.Equal(cmdlet.Length == 0 ? [] : [cmdlet], Offered("Invoke-KamalDeploy", error));
        Assert.Equal(line.Length == 0 ? [] : [line], Offered("kamal deploy", error));
    }

    [Fact]
    public void The_next_step_of_the_cause_comes_first()
    {
        KamalException error = new(KamalErrorId.OperationFailed, "It failed.")
        {
            Recommendation = "Run Get-KamalStatus.",
            Causes = [new(KamalErrorId.BuildFailed, "x") { Cause = new(CauseName.DiskFull, "Full") { NextStep = "Invoke-KamalPrune." } }],
            Cause = new(CauseName.DeployLockHeld, "Held") { NextStep = "Get-KamalLock shows who holds it." },
        };
        Assert.Equal(["Get-KamalLock", "Get-KamalStatus", "Invoke-KamalPrune"], Offered("Invoke-KamalDeploy", error));
    }

    [Fact]
    public void After_a_deploy_the_way_back_is_offered_once()
    {
        LastDeploy.Note(new KamalDeployResult("h", "web", "v2", HostOutcome.Succeeded) { PreviousVersion = "v1" }, "staging");
        Assert.Equal(["kamal rollback v1 -d staging"], Offered("kamal deploy -d staging", null));
        Assert.Empty(Offered("Get-ChildItem", null));
        LastDeploy.Note(new KamalDeployResult("h", "web", "v2", HostOutcome.Succeeded) { PreviousVersion = "v1" }, null);
        Assert.Equal(["Invoke-KamalRollback v1"], Offered("Invoke-KamalDeploy", null));
    }

    [Theory]
    [InlineData(HostOutcome.Failed, "v1")]
    [InlineData(HostOutcome.Previewed, "v1")]
    [InlineData(HostOutcome.Succeeded, "v2")]
    [InlineData(HostOutcome.Succeeded, "v1;reboot")]
    [InlineData(HostOutcome.Succeeded, "-Confirm:0")]
    public void Nothing_is_offered_after_other_results(HostOutcome outcome, string previous)
    {
        LastDeploy.Note(new KamalDeployResult("h", "web", "v2", outcome) { PreviousVersion = previous }, null);
        Assert.Empty(Offered("Invoke-KamalDeploy", null));
    }

    [Fact]
    public void The_errors_of_others_get_nothing()
    {
        Assert.Empty(Offered("Get-Item x", new IOException("Try Get-KamalLock.")));
    }

    [Fact]
    public void The_provider_is_registered_once_and_removed()
    {
        FeedbackProvider.Register();
        Assert.Single(Providers, provider => provider.Name == "Kamal");
        FeedbackProvider.Unregister();
        FeedbackProvider.Unregister();
        Assert.DoesNotContain(Providers, provider => provider.Name == "Kamal");
    }

    /// <summary>The engine's providers, which it lists only to itself.</summary>
    private static IReadOnlyCollection<IFeedbackProvider> Providers =>
        (IReadOnlyCollection<IFeedbackProvider>)typeof(SubsystemManager)
            .GetMethod("GetSubsystems", BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(typeof(IFeedbackProvider))
            .Invoke(null, null)!;

    private List<string> Offered(string line, Exception? error)
    {
        var provider = Providers.First(provider => provider.Name == "Kamal");
        var record = error is null ? null : new ErrorRecord(error, "x", ErrorCategory.NotSpecified, null);
        var trigger = error is null ? FeedbackTrigger.Success : FeedbackTrigger.Error;
        FeedbackContext context = new(trigger, line, _session.Runspace.SessionStateProxy.Path.CurrentLocation, record);
        return provider.GetFeedback(context, CancellationToken.None)?.RecommendedActions ?? [];
    }
}
