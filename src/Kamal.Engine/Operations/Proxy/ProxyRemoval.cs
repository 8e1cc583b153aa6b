using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Removing proxies, unless other apps on a host need one.</summary>
/// <param name="run">The operation.</param>
/// <param name="audit">The audit log.</param>
internal sealed class ProxyRemoval(OperationRun run, AuditCommands audit)
{
    private readonly ProxySteps _proxy = new(run, audit);

    /// <summary>The steps that remove a host's proxy.</summary>
    public IEnumerable<Step> Steps() => [.. _proxy.Stop(), .. _proxy.RemoveContainer(), .. _proxy.RemoveImage(), .. _proxy.RemoveDirectory()];

    /// <summary>The step that counts the apps on a host; see <see cref="InUse"/>.</summary>
    public IEnumerable<Step> Count() => [_proxy.CountApps()];

    /// <summary>The hosts on which apps need the proxy.</summary>
    public static IReadOnlyList<string> InUse(IEnumerable<ScriptResult> results) =>
        [.. results.Where(result => result.Captured(ProxySteps.Apps).Trim() is not ("" or "0")).Select(result => result.HostName)];
}
