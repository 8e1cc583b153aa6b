using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal app logs, accessory logs, proxy logs</c>: what containers wrote, on all selected hosts; followed, lines of all come as they are written.</summary>
public sealed class LogsOperation : IOperation<IReadOnlyList<KamalLogLine>>
{
    /// <summary>How many lines of each container are read where neither a number nor a filter is given (Kamal 2.12).</summary>
    private const int DefaultLines = 100;

    /// <summary>The same for logs that are followed.</summary>
    private const int DefaultFollowedLines = 10;

    private readonly LogOptions _options;
    private readonly Func<OperationRun, Task<IEnumerable<LogSource>>> _sources;

    private LogsOperation(LogOptions options, Func<OperationRun, IEnumerable<LogSource>> sources)
        : this(options, run => Task.FromResult(sources(run)))
    {
    }

    private LogsOperation(LogOptions options, Func<OperationRun, Task<IEnumerable<LogSource>>> sources)
    {
        _options = options;
        _sources = sources;
    }

    /// <summary>The logs of the app's roles.</summary>
    /// <param name="options">Which lines.</param>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ArgumentInvalid"/>: the container's id cannot be one. When it runs: <see cref="KamalErrorId.ContainerNotFound"/>: no host has it.
    /// </exception>
    public static LogsOperation ForApp(LogOptions options)
    {
        if (options.ContainerId is { } container) GivenNames.Container(container);
        var filter = WithDefault(options.Filter, narrowed: options.Filter.Since is not null || options.Filter.Grep is not null);
        if (options.ContainerId is { } id) return new(options, run => new GivenContainer(run, id).FindAsync(filter, options.PrimaryOnly));
        return new(options, run => options.PrimaryOnly
            ? run.Selection is { PrimaryHost: { } primary, PrimaryRole: { } primaryRole } ? [AppSource(run, primary, primaryRole, filter)] : []
            : from host in run.Selection.AppHosts
              from role in run.Selection.RolesOn(host)
              select AppSource(run, host, role, filter));
    }

    /// <summary>The logs of accessories.</summary>
    /// <param name="names">Which: names, <c>*</c> allowed; none, or <c>all</c>, for all.</param>
    /// <param name="options">Which lines.</param>
    /// <exception cref="KamalException">When it runs: <see cref="KamalErrorId.AccessoryNotFound"/>: a literal name is no accessory's.</exception>
    public static LogsOperation ForAccessories(IReadOnlyList<string> names, LogOptions options)
    {
        var filter = WithDefault(options.Filter, Narrowed(options.Filter));
        return new(options, run =>
            from accessory in AccessorySelection.Match(run.Configuration, names)
            from host in Limited(run.Selection.AccessoryHosts.Where(accessory.Hosts.Contains), options)
            select new LogSource(host, accessory.Name, new AccessoryCommands(run.Configuration, accessory).Logs(filter)) { Accessory = accessory.Name });
    }

    /// <summary>The logs of the proxies.</summary>
    /// <param name="options">Which lines.</param>
    public static LogsOperation ForProxy(LogOptions options)
    {
        var filter = WithDefault(options.Filter, Narrowed(options.Filter));
        return new(options, run =>
            from host in options.PrimaryOnly && run.Selection.PrimaryHost is { } primary ? [primary] : run.Selection.ProxyHosts
            select new LogSource(host, ProxyCommands.ContainerName, ProxyCommands.Logs(filter)));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalLogLine>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var sources = (await _sources(run).ConfigureAwait(false)).ToList();
        var reader = new LogReader(run, _options.Filter);
        if (!_options.Filter.Follow) return await reader.ReadAsync(sources).ConfigureAwait(false);
        await reader.FollowAsync(sources).ConfigureAwait(false);
        return [];
    }

    /// <summary>A filter leaves it to itself how many lines there are, but not where Kamal follows accessories and the proxy.</summary>
    private static bool Narrowed(LogFilter filter) => !filter.Follow && (filter.Since is not null || filter.Grep is not null);

    private static LogFilter WithDefault(LogFilter filter, bool narrowed) =>
        filter.Lines is not null || narrowed ? filter : filter with { Lines = filter.Follow ? DefaultFollowedLines : DefaultLines };

    private static IEnumerable<string> Limited(IEnumerable<string> hosts, LogOptions options) => options.PrimaryOnly ? hosts.Take(1) : hosts;

    private static LogSource AppSource(OperationRun run, string host, RoleConfiguration role, LogFilter filter)
    {
        var app = new AppCommands(run.Configuration, role);
        return new(host, role.Name, app.Logs(filter))
        {
            Role = role.Name,
            Exists = app.CurrentContainerId().Pipe(ShellCommand.Of("grep", "-q", ".")),
        };
    }
}
