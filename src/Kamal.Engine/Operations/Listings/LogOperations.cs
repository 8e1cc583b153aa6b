using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>What containers wrote, on all selected hosts. If logs are followed, lines of all come as they are written.</summary>
public static class LogOperations
{
    /// <summary>How many lines of each container are read if neither a number nor a filter is given (Kamal 2.12).</summary>
    private const int DefaultLines = 100;

    /// <summary>The same for logs that are followed.</summary>
    private const int DefaultFollowedLines = 10;

    /// <summary><c>kamal app logs</c>: the logs of the app's roles.</summary>
    /// <param name="options">Which lines.</param>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ArgumentInvalid"/>: the container's id cannot be one. When it runs: <see
    /// cref="KamalErrorId.ContainerNotFound"/>: no host has it.
    /// </exception>
    public static Operation<IReadOnlyList<KamalLogLine>> OfApp(LogOptions options)
    {
        if (options.ContainerId is { } container) GivenNames.Container(container);
        var filter = WithDefault(options.Filter, narrowed: options.Filter.Since is not null || options.Filter.Grep is not null);
        return Operation.Of<KamalLogLine>(context =>
        {
            if (options.ContainerId is not { } id) return Plan.Of(new LogPhase(new(AppSources(context, filter, options)), options.Filter));
            var given = new GivenContainer(context, id, filter, options.PrimaryOnly);
            var sources = new Outcome<IReadOnlyList<LogSource>>(given.Possible);
            return Plan.Of(given.Phase(sources), new LogPhase(sources, options.Filter));
        });
    }

    /// <summary><c>kamal accessory logs</c>: the logs of accessories.</summary>
    /// <param name="names">Which: names, <c>*</c> allowed; none, or <c>all</c>, for all.</param>
    /// <param name="options">Which lines.</param>
    /// <exception cref="KamalException">When it runs: <see cref="KamalErrorId.AccessoryNotFound"/>: a literal name is no
    /// accessory's.</exception>
    public static Operation<IReadOnlyList<KamalLogLine>> OfAccessories(IReadOnlyList<string> names, LogOptions options)
    {
        var filter = WithDefault(options.Filter, IsNarrowed(options.Filter));
        return Operation.Of<KamalLogLine>(context => Plan.Of(new LogPhase(new(
        [
            .. from accessory in AccessoryOperations.Match(context.Configuration, names)
               from host in Limited(context.Selection.AccessoryHosts.Where(accessory.Hosts.Contains), options)
               select new LogSource(host, accessory.Name, new AccessoryCommands(context.Configuration, accessory).Logs(filter))
               {
                   Accessory = accessory.Name,
               },
        ]), options.Filter)));
    }

    /// <summary><c>kamal proxy logs</c>: the logs of the proxies.</summary>
    /// <param name="options">Which lines.</param>
    public static Operation<IReadOnlyList<KamalLogLine>> OfProxy(LogOptions options)
    {
        var filter = WithDefault(options.Filter, IsNarrowed(options.Filter));
        return Operation.Of<KamalLogLine>(context => Plan.Of(new LogPhase(new(
        [
            .. from host in options.PrimaryOnly && context.Selection.PrimaryHost is { } primary ? [primary] : context.Selection.ProxyHosts
               select new LogSource(host, ProxyCommands.ContainerName, ProxyCommands.Logs(filter)),
        ]), options.Filter)));
    }

    /// <summary>A filter decides by itself how many lines there are, but not where Kamal follows accessories and the proxy.</summary>
    private static bool IsNarrowed(LogFilter filter) => !filter.Follow && (filter.Since is not null || filter.Grep is not null);

    private static LogFilter WithDefault(LogFilter filter, bool narrowed) =>
        filter.Lines is not null || narrowed ? filter : filter with { Lines = filter.Follow ? DefaultFollowedLines : DefaultLines };

    private static IEnumerable<string> Limited(IEnumerable<string> hosts, LogOptions options) =>
        options.PrimaryOnly ? hosts.Take(1) : hosts;

    private static IReadOnlyList<LogSource> AppSources(KamalContext context, LogFilter filter, LogOptions options)
    {
        if (options.PrimaryOnly)
        {
            return context.Selection is { PrimaryHost: { } primary, PrimaryRole: { } primaryRole }
                ? [AppSource(context, primary, primaryRole, filter)]
                : [];
        }

        return
        [
            .. from host in context.Selection.AppHosts
               from role in context.Selection.RolesOn(host)
               select AppSource(context, host, role, filter),
        ];
    }

    private static LogSource AppSource(KamalContext context, string host, RoleConfiguration role, LogFilter filter)
    {
        var app = new AppCommands(context.Configuration, role);
        return new(host, role.Name, app.Logs(filter))
        {
            Role = role.Name,
            Exists = app.CurrentContainerId().Pipe(ShellCommand.Of("grep", "-q", ".")),
        };
    }
}

/// <summary>Which logs are read, and how.</summary>
public sealed record LogOptions
{
    /// <summary>Which lines.</summary>
    public LogFilter Filter { get; init; } = new();

    /// <summary>A container of the app by id or name, instead of the one that runs.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Only the primary host and role, as Kamal follows logs; otherwise all that are selected.</summary>
    public bool PrimaryOnly { get; init; }
}
