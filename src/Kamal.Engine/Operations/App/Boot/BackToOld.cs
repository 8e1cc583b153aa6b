using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Has hosts go back that have switched, all at once. If the run is stopped meanwhile, they have a limited time for it.</summary>
/// <param name="run">The run.</param>
/// <param name="report">What the boot has switched.</param>
internal sealed class BackToOld(Run run, BootReport report)
{
    /// <summary>Goes back and notes what has become of it.</summary>
    /// <param name="where">On which hosts; on all, if null.</param>
    public async Task GoAsync(Func<string, bool>? where = null)
    {
        using var limit = new CancellationTokenSource();
        using var registration = run.Cancellation.Register(() => limit.CancelAfter(BootCleanUp.Limit));
        await Task.WhenAll(report.SwitchedRoles.Where(item => where is null || where(item.HostName)).GroupBy(item => item.HostName)
            .Select(group => OnHostAsync(group.Key, [.. group.Select(item => item.Role)], limit.Token))).ConfigureAwait(false);
    }

    /// <summary>The last role to switch goes back first.</summary>
    private async Task OnHostAsync(string host, IReadOnlyList<RoleConfiguration> roles, CancellationToken cancellationToken)
    {
        foreach (var role in roles.Reverse())
        {
            try
            {
                var results = await run.Context.Fleet.RunAsync(BootReturn.Title, [host], _ =>
                    new HostScript(BootReturn.Title, [.. report.GoBack(host, role)]), cancellationToken).ConfigureAwait(false);
                report.AddReturn(role, results[0]);
                if (results[0].Failure is { } failure) run.Sink.Emit(new HostFailed(failure) { HostName = host });
            }
            catch (OperationCanceledException)
            {
                run.Sink.Warn($"The host did not answer in time, so it is unknown whether {role.Name} was switched back. The next "
                    + "deploy stops what is left over.", host);
            }
        }
    }
}
