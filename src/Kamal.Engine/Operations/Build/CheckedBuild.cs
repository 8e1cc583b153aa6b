namespace Kamal.Engine.Operations;

/// <summary>
/// Checks the hosts while this machine looks for its tools and logs in, so that the check costs no time. The hook and the build wait for
/// it. If the check may show that nothing needs to be built, the build waits for it.
/// </summary>
/// <param name="Check">The check.</param>
/// <param name="Build">The build.</param>
internal sealed record CheckedBuild(Phase Check, BuildPhase Build) : Bracket("Check and build", [Check, Build])
{
    public override async Task RunAsync(Run run)
    {
        await run.ConnectAsync().ConfigureAwait(false);
        var check = run.RunAsync([Check]);
        try
        {
            if (Build.When is not null) await check.ConfigureAwait(false);
            await run.RunAsync([Build with { Checked = check }]).ConfigureAwait(false);
        }
        finally
        {
            // A build that could not be prepared is the error to show; that of the check has been reported.
            await check.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
