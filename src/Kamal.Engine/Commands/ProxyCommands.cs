using System.Globalization;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Manages kamal-proxy on a host, with the flags and messages of v0.9.2.</summary>
internal sealed class ProxyCommands(KamalConfiguration configuration)
{
    public const string ContainerName = "kamal-proxy";

    private const string DefaultImage = "basecamp/kamal-proxy";
    private const string TitleFilter = "label=org.opencontainers.image.title=kamal-proxy";

    /// <summary>Routes a service to a container once it is healthy, and waits until the old one has drained.</summary>
    /// <param name="service">The service's name in the proxy.</param>
    /// <param name="proxy">The routing options.</param>
    /// <param name="target">The container.</param>
    /// <param name="certificate">The directory of a custom certificate inside the proxy's container; null for none.</param>
    public ShellCommand Deploy(string service, ProxyConfiguration proxy, ShellWord target, ShellWord? certificate)
    {
        var command = Exec("deploy", service)
            .Add(ShellWord.Join("--target=", target, ":" + proxy.AppPort.ToString(CultureInfo.InvariantCulture)));
        command = Many(command, "host", proxy.Hosts);
        command = command.AddIf(proxy.Ssl, "--tls");
        if (certificate is not null)
        {
            command = command.Add(ShellWord.Join("--tls-certificate-path=", certificate, "/cert.pem"),
                ShellWord.Join("--tls-private-key-path=", certificate, "/key.pem"));
        }

        command = One(command, "deploy-timeout", DockerArguments.Seconds(configuration.DeployTimeout));
        command = One(command, "drain-timeout", DockerArguments.Seconds(configuration.DrainTimeout));
        command = One(command, "health-check-interval", Seconds(proxy.Healthcheck.Interval));
        command = One(command, "health-check-timeout", Seconds(proxy.Healthcheck.Timeout));
        command = One(command, "health-check-path", proxy.Healthcheck.Path);
        command = One(command, "target-timeout", Seconds(proxy.ResponseTimeout));
        command = Flag(command, "buffer-requests", proxy.BufferRequests);
        command = Flag(command, "buffer-responses", proxy.BufferResponses);
        command = One(command, "buffer-memory", proxy.BufferMemory);
        command = One(command, "max-request-body", proxy.MaxRequestBody);
        command = One(command, "max-response-body", proxy.MaxResponseBody);
        command = Many(command, "path-prefix", proxy.PathPrefixes);
        command = Flag(command, "strip-path-prefix", proxy.StripPathPrefix);
        command = Flag(command, "forward-headers", proxy.ForwardHeaders);
        command = Flag(command, "tls-redirect", proxy.SslRedirect);
        command = Many(command, "log-request-header", proxy.LogRequestHeaders ?? ProxyConfiguration.DefaultLogRequestHeaders);
        command = Many(command, "log-response-header", proxy.LogResponseHeaders ?? []);
        return configuration.ErrorPagesPath is null
            ? command
            : command.Add(ShellWord.Join("--error-pages=", HostPaths.ErrorPagesInProxy(configuration), "/", NewestErrorPages()));
    }

    /// <summary>The newest directory of this version's error pages.</summary>
    private ShellWord NewestErrorPages()
    {
        var folder = ShellWord.Join(HostPaths.ErrorPages(configuration), "/", configuration.RequiredVersion);
        return ShellWord.Substitute(ShellCommand.Of("ls", "-td", folder, ShellWord.Join(folder, ShellWord.Raw("~*"))).DiscardErrors()
            .Pipe(ShellCommand.Of("head", "-1")).Pipe(ShellCommand.Of("grep", "-o", "[^/]*$"))
            .Or(ShellCommand.Of("echo", configuration.RequiredVersion)));
    }

    /// <summary>
    /// Prints the host directory that is mounted as the proxy's directory for apps; fails or prints nothing without a container.
    /// </summary>
    public static ShellCommand AppsMount() =>
        ShellCommand.Of("docker", "inspect", ContainerName, "--format",
            $"{{{{range .Mounts}}}}{{{{if eq .Destination \"{HostPaths.AppsInProxy}\"}}}}{{{{.Source}}}}{{{{end}}}}{{{{end}}}}")
            .DiscardErrors();

    /// <summary>Stops routing to a service.</summary>
    public static ShellCommand Remove(string service) => Exec("remove", service);

    /// <summary>Ends maintenance of a service.</summary>
    public static ShellCommand Resume(string service) => Exec("resume", service);

    /// <summary>Puts a service into maintenance: requests are answered with 503.</summary>
    public static ShellCommand StopService(string service, TimeSpan drainTimeout, string? message) =>
        One(One(Exec("stop", service), "drain-timeout", DockerArguments.Seconds(drainTimeout)), "message", message);

    /// <summary>Prints the table of services, always in colour.</summary>
    public static ShellCommand List() => Exec("list");

    /// <summary>Prints what the running proxy logged about state that it failed to restore.</summary>
    public static ShellCommand RestoreErrors() =>
        // Not since StartedAt: on a busy host docker records it after the first lines of the log.
        ShellCommand.Of("docker", "logs", "--since",
            ShellWord.Substitute(ShellCommand.Of("docker", "inspect", "--format", "{{.State.FinishedAt}}", ContainerName)), ContainerName)
            .MergeErrors()
            .Pipe(ShellCommand.Of("grep", "-e", "decode saved state", "-e", "restore saved state")
                .Add("-e", "Error loading TLS", "-e", "parse error page"))
            .Pipe(ShellCommand.Of("tail", "-n", "3"));

    public ShellCommand EnsureAppsDirectory() => ShellCommand.Of("mkdir", "-p", HostPaths.ProxyApps(configuration));

    public static ShellCommand Start() => ShellCommand.Of("docker", "container", "start", ContainerName);

    public static ShellCommand Stop() => ShellCommand.Of("docker", "container", "stop", ContainerName);

    public ShellCommand StartOrRun(string host) => Start().DiscardErrors().Or(Run(host));

    /// <summary>The same, where the network may not exist yet. A proxy that can be started is in it already.</summary>
    public ShellCommand StartOrRunInNetwork(string host) =>
        Start().DiscardErrors().Or(ServerCommands.EnsureNetwork().Group().And(Run(host)).Group());

    /// <summary>Starts the proxy's container with <c>proxy.run</c> of deploy.yml, else with the host's boot_config files.</summary>
    public ShellCommand Run(string host)
    {
        var run = WithVolumes(ShellCommand.Of(
            "docker", "run", "--name", ContainerName, "--network", "kamal", "--detach", "--restart", "unless-stopped"));
        return configuration.ProxyRunFor(host) is { } section
            ? Described(run, section, section.Options, [section.Image])
            : BootConfiguration().PipeToXargs(run);
    }

    /// <summary>
    /// Creates a container as <see cref="Run"/> would, to compare it with the one that runs; see <see cref="DriftCommands"/>.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="image">The image of the container that runs.</param>
    /// <param name="mark">What tells the container from others.</param>
    public ShellCommand Create(string host, ShellWord image, ComparisonMark mark)
    {
        var create = WithVolumes(ShellCommand.Of("docker", "create", "--network", "kamal"));
        ShellWord[] last = [.. DriftCommands.Options(mark), image];
        if (configuration.ProxyRunFor(host) is { } section)
        {
            return Described(create, section, DriftCommands.Comparable(section.Options), last);
        }

        // The options of a boot_config file come before the image in the words that xargs adds.
        var words = new ShellWord[] { ShellWord.Substitute(BootOptions()) }.Concat(last).Append(ShellWord.Substitute(BootRunCommand()));
        return ShellCommand.Of("echo").AddRange(words).PipeToXargs(create);
    }

    /// <summary>Prints the image that a boot would start the proxy's container with.</summary>
    /// <param name="host">The host.</param>
    public ShellCommand ImageFor(string host) =>
        configuration.ProxyRunFor(host) is { } section ? ShellCommand.Of("echo", section.Image) : BootImage();

    private ShellCommand WithVolumes(ShellCommand command) =>
        command.Add("--volume", "kamal-proxy-config:/home/kamal-proxy/.config/kamal-proxy")
            .Add("--volume", DockerArguments.Mount(HostPaths.ProxyApps(configuration), HostPaths.AppsInProxy, null));

    private static ShellCommand Described(
        ShellCommand run, ProxyRunConfiguration section, IEnumerable<DockerOption> options, IEnumerable<ShellWord> image)
    {
        run = run.AddRange(Publish(section));
        if (!string.IsNullOrEmpty(section.LogMaxSize))
        {
            run = run.Add("--log-opt", ShellWord.Join("max-size=", ShellWord.Value(section.LogMaxSize)));
        }
        if (section.MetricsPort is { } metrics) run = run.Add("--expose=" + metrics.ToString(CultureInfo.InvariantCulture));
        run = run.AddRange(DockerArguments.Options(options)).AddRange(image).Add("kamal-proxy", "run");
        if (section.Debug) run = run.Add("--debug");
        return section.MetricsPort is { } port ? run.Add("--metrics-port", port.ToString(CultureInfo.InvariantCulture)) : run;
    }

    /// <summary>Prints the options, image and command of the host's boot_config files.</summary>
    public ShellCommand BootConfiguration() =>
        ShellCommand.Of("echo", ShellWord.Join(
            ShellWord.Substitute(BootOptions()), ShellWord.Raw("\" \""), ShellWord.Substitute(BootImage()), ShellWord.Raw("\" \""),
            ShellWord.Substitute(BootRunCommand())));

    /// <summary>Prints the options of the boot_config file, else the default ones.</summary>
    public ShellCommand BootOptions() => ReadOr(HostPaths.ProxyOptions(configuration), ProxyBootOptions.Default.OptionsText);

    /// <summary>Prints the image with its tag.</summary>
    public ShellCommand BootImage() =>
        ShellCommand.Of("echo", ShellWord.Join(
            ShellWord.Substitute(ReadOr(HostPaths.ProxyImage(configuration), DefaultImage)), ":",
            ShellWord.Substitute(ReadOr(HostPaths.ProxyImageVersion(configuration), ProxyRunConfiguration.MinimumVersion))));

    /// <summary>Prints the command; nothing for the image's own.</summary>
    public ShellCommand BootRunCommand() => ReadOr(HostPaths.ProxyRunCommand(configuration), "");

    /// <summary>Fails if the host has no container of the proxy, running or not.</summary>
    public static ShellCommand Exists() =>
        ShellCommand.Of("docker", "container", "inspect", ContainerName).DiscardOutput().DiscardErrors();

    public static ShellCommand Info() => ShellCommand.Of("docker", "ps", "--filter", $"name=^{ContainerName}$");

    /// <summary>Prints the tag of the image of the proxy's container; nothing if it does not exist.</summary>
    public static ShellCommand Version() =>
        ShellCommand.Of("docker", "inspect", ContainerName, "--format", "{{.Config.Image}}").DiscardErrors()
            .Pipe(ShellCommand.Of("awk", "-F:", "{print $NF}"));

    /// <summary>Fails if the version in a shell variable is older than the minimum; text that is not a version number passes.</summary>
    public static ShellCommand IsRecentEnough(string variable)
    {
        var minimum = System.Version.Parse(ProxyRunConfiguration.MinimumVersion.AsSpan(1));
        var number = (minimum.Major * 1_000_000) + (minimum.Minor * 1_000) + minimum.Build;
        return ShellCommand.Of("printf", "%s\\n", ShellWord.Variable(variable))
            .Pipe(ShellCommand.Of("awk", "-F[v.-]", string.Create(CultureInfo.InvariantCulture,
                $"/^v?[0-9]+[.][0-9]+/ {{ o = /^v/ ? 1 : 0; exit ($(1+o)*1000000 + $(2+o)*1000 + $(3+o) < {number}) }}")));
    }

    public static ShellCommand RemoveContainer() => ShellCommand.Of("docker", "container", "prune", "--force", "--filter", TitleFilter);

    public static ShellCommand RemoveImage() => ShellCommand.Of("docker", "image", "prune", "--all", "--force", "--filter", TitleFilter);

    /// <summary>Removes Kamal 1's Traefik.</summary>
    public static ShellCommand RemoveTraefik() =>
        ShellCommand.Of("docker", "container", "stop", "traefik")
            .Then(ShellCommand.Of("docker", "container", "prune", "--force", "--filter", "label=org.opencontainers.image.title=Traefik"))
            .And(ShellCommand.Of("docker", "image", "prune", "--all", "--force", "--filter",
                "label=org.opencontainers.image.title=Traefik"));

    public ShellCommand RemoveDirectory() => ShellCommand.Of("rm", "-r", HostPaths.Proxy(configuration));

    public ShellCommand RemoveAppDirectory() => ShellCommand.Of("rm", "-r", HostPaths.ProxyApp(configuration));

    /// <summary>Prints the number of apps with files on the host.</summary>
    public ShellCommand CountApps() =>
        ShellCommand.Of("ls", HostPaths.Apps(configuration)).DiscardErrors().Pipe(ShellCommand.Of("wc", "-l"));

    /// <summary>Prints the proxy's log.</summary>
    public static ShellCommand Logs(LogFilter filter) => filter.Apply(ShellCommand.Of("docker", "logs", ContainerName));

    private static ShellCommand Exec(params ReadOnlySpan<ShellWord> words) =>
        ShellCommand.Of("docker", "exec", ContainerName, "kamal-proxy").Add(words);

    private static ShellCommand One(ShellCommand command, string option, string? value) =>
        value is null ? command : command.Add(ShellWord.Join($"--{option}=", ShellWord.Value(value)));

    private static ShellCommand Many(ShellCommand command, string option, IEnumerable<string> values) =>
        values.Aggregate(command, (current, value) => One(current, option, value));

    private static ShellCommand Flag(ShellCommand command, string option, bool? value) => value switch
    {
        null => command,
        true => command.Add("--" + option),
        false => command.Add($"--{option}=false"),
    };

    private static string? Seconds(string? value) => value is null ? null : value + "s";

    private static IEnumerable<ShellWord> Publish(ProxyRunConfiguration section)
    {
        if (!section.Publish) yield break;
        foreach (var word in ProxyBootOptions.PublishArguments(section.HttpPort, section.HttpsPort, section.BindIps)) yield return word;
    }

    private static ShellCommand ReadOr(string file, string otherwise) =>
        ShellCommand.Of("cat", file).DiscardErrors().Or(ShellCommand.Of("echo", otherwise));
}
