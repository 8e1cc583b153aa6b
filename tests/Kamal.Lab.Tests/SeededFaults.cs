namespace Kamal.Lab.Tests;

/// <summary>The faults: what is wrong, where, and what the error must say.</summary>
internal static partial class SeededFaults
{
    /// <summary>What lines for ssh_config follow; in them <c>{folder}</c> is the project's.</summary>
    public const string SshMark = "# ssh: ";

    /// <summary>The keys of the role worker.</summary>
    public const string Worker = "cmd: sh -c 'trap \"exit 0\" TERM; while :; do sleep 1; done'";

    /// <summary>A version that is built for another processor.</summary>
    public const string Foreign = "foreign";

    private const string Web = "[ 10.211.0.11, 10.211.0.12 ]";
    private const string Limited = "Invoke-KamalDeploy -SkipPush -Version v2 -HostName {host}";
    private const string DataRootBack = "lab in {n} umount /var/lib/docker";

    private static readonly Place[] OfWeb = [Place.First, Place.Later];
    private static readonly Place[] OrAll = [Place.First, Place.Later, Place.Worker, Place.All];

    /// <summary>The faults, in the order in which they are seeded: what breaks hosts comes last.</summary>
    public static IReadOnlyList<Fault> All { get; } =
        [.. Connections(), .. Apps(), .. Containers(), .. Accessories(), .. Registries(), .. Deployers(), .. Builds(), .. Hosts()];

    private static IEnumerable<Fault> Connections() =>
    [
        new("The host's name is misspelt", "HostNameUnknown", "the name web1.invalid cannot be resolved", "",
            "Check the spelling in deploy.yml")
        {
            Where = "web1.invalid", Configure = Named("web1.invalid"),
        },
        new("Nothing listens on the SSH port", "ConnectionRefused", "could not connect to root@{host}:2222: Connection refused", "",
            "Try: ssh -p 2222 root@{host}")
        {
            Where = "{host}:2222", Configure = Named("{host}:2222"),
        },
        new("The host is down", "HostUnreachable", "could not connect to root@10.211.0.77:22: No route to host", "",
            "Try: ssh -p 22 root@10.211.0.77")
        {
            Where = "10.211.0.77", Configure = Named("10.211.0.77"),
        },
        // Settings of their own, so that no open connection is used.
        new("The host is silent", "HostSilent", "root@{host}:22 did not answer within 3 s", "", "Is the host up")
        {
            Configure = Ssh("ConnectTimeout 3", "ServerAliveInterval 2{n}"),
            Break = "lab in {n} pkill -STOP -o sshd",
            Mend = "lab in {n} pkill -CONT -o sshd",
        },
        // Long enough that this is noticed before the connection is used.
        new("The host falls silent while a connection to it is open", "HostSilent", "root@{host}:22 did not answer within 10 s", "",
            "Is the host up")
        {
            Break = "lab in {n} pkill -STOP sshd; sleep 11",
            Mend = "lab in {n} pkill -CONT sshd",
        },
        new("The host has another SSH key", "HostKeyChanged", "the host key of {host} has changed", "other keys are in",
            "check its fingerprint there and remove the old keys: ssh-keygen -R '{host}'")
        {
            Configure = Ssh("UserKnownHostsFile {folder}/changed{n}", "GlobalKnownHostsFile none"),
        },
        new("The host's SSH key is not known", "HostKeyUnknown", "the host key SHA256:* (ssh-ed25519) of {host} is not known", "",
            "Compare the fingerprint with the host's own")
        {
            Configure = Ssh("UserKnownHostsFile {folder}/without{n}", "GlobalKnownHostsFile none", "StrictHostKeyChecking yes"),
        },
        new("No host's SSH key is known", "HostKeyUnknown", "the host's SSH key is not in known_hosts", "is not known",
            "Compare the fingerprint with the host's own")
        {
            Places = [Place.All],
            Configure = Ssh("UserKnownHostsFile {folder}/without", "GlobalKnownHostsFile none", "StrictHostKeyChecking yes"),
        },
        new("The account does not exist", "AuthenticationFailed", "could not log in as nobody@{host}:22*", "",
            "Try: ssh -p 22 nobody@{host}")
        {
            Where = "nobody@{host}", Configure = Named("nobody@{host}"),
        },
    ];

    private static IEnumerable<Fault> Apps() =>
    [
        App("The app listens on another port", "WrongPort", "the app listens on port 3000 and not on port 80, which the proxy asks",
            "listens on [::]:3000", "Set proxy.app_port: 3000", "PORT: 3000"),
        App("The app listens on 127.0.0.1 only", "ListensOnLoopback",
            "the app listens only on 127.0.0.1:80, which the proxy cannot reach", "listens on 127.0.0.1:80",
            "Let the app listen on 0.0.0.0:80", "PORT: \"127.0.0.1:80\""),
        App("The app has no `/up`", "HealthPathNotFound", "the app answers GET /up on port 80 with 404: it does not have this path",
            ":80): 404 Not Found", "Set proxy.healthcheck.path", "UP: fail"),
        Health("The app rejects the Host header", "HostRejected",
            "the app answers GET /cgi-bin/up on port 80 with 403: it rejects the Host header of the health check",
            "response: Blocked hosts: *:80", "Let the app accept any Host", "403"),
        Health("The health check's path needs a login", "HealthPathProtected",
            "the app answers GET /cgi-bin/up on port 80 with 401: the path needs a login", "401 Error",
            "Let the app answer /cgi-bin/up without a login", "401"),
        Health("The health check's path redirects", "HealthPathRedirects",
            "the app redirects GET /cgi-bin/up on port 80 (302 to /login); the health check needs 200", "302 Found",
            "Set proxy.healthcheck.path", "302"),
        Health("The health check's path redirects to HTTPS", "HealthPathRedirects",
            "the app redirects GET /cgi-bin/up on port 80 to HTTPS (301 to https://*); the health check needs 200",
            "301 Moved Permanently", "Exclude /cgi-bin/up from the redirect", "https"),
        Health("The app answers with a server error", "ServerError", "the app answers GET /cgi-bin/up on port 80 with 500",
            "response: no database", "Read its log: Get-KamalLog -ContainerId *", "500"),
        Health("The app answers with another status", "HealthPathFails",
            "the app answers GET /cgi-bin/up on port 80 with 418; the health check needs 200", "418 Error",
            "Set proxy.healthcheck.path in deploy.yml to a path that the app answers with 200", "418"),
        Health("The app accepts connections and does not answer", "NoAnswer",
            "the app accepts connections and does not answer GET /cgi-bin/up on port 80 within 5 s", "",
            "See what the app waits for", "silent"),
        App("The app has not started when `deploy_timeout` ends", "StillStarting", "the app does not listen on any port after 3 s",
            "the version before was healthy * s after its start", "Increase deploy_timeout", "BOOT_DELAY: 100"),
        new("Another service has the app's host name", "ProxyHostConflict",
            "the service other on this host has shop.example.com at the proxy", "Error: host settings conflict with another service",
            "Give the app a proxy.host or proxy.path_prefix of its own")
        {
            Places = OfWeb,
            Role = "{role}",
            Command = Limited,
            Configure = (text, _) => text + "proxy: { host: shop.example.com }\n",
            Break = "lab in {n} sh -c 'docker exec kamal-proxy kamal-proxy deploy other --host=shop.example.com "
                + "--target=$(docker ps --filter label=role=web --format \"{{.Names}}\" | head -n 1):80'",
            Mend = "lab in {n} docker exec kamal-proxy kamal-proxy remove other",
        },
    ];

    private static IEnumerable<Fault> Containers() =>
    [
        Container("The app crashes and is restarted again and again", "Crashes",
            "shop-{role}-v2 ended (exit code 1), and docker restarted it *", "log: crashing as told", "Read its log: Get-KamalLog",
            "cmd: sh -c 'echo crashing as told; exit 1'"),
        Container("The container's command does not exist", "CommandNotFound",
            "the container's command nosuch does not exist in the image*", "", "Check the role's cmd", "cmd: nosuch --queue all"),
        Container("A command that a script starts does not exist", "CommandNotFound",
            "a command that shop-{role}-v2 starts does not exist in the image (exit code 127)*", "log: *nosuch: not found", "Check cmd",
            "cmd: sh -c 'nosuch --queue all'"),
        Container("The container's command is not executable", "CommandNotExecutable",
            "the container's command /app/www/version cannot be executed*", "", "Give the file the permission to execute",
            "cmd: /app/www/version"),
        Container("The app misses an environment variable", "VariableMissing", "the app misses the environment variable QUEUE_URL",
            "log: environment variable QUEUE_URL is not set", "Add QUEUE_URL to env.clear or env.secret",
            "cmd: sh -c 'echo environment variable QUEUE_URL is not set; exit 1'"),
        Container("The app runs out of memory", "OutOfMemory", "shop-{role}-v2 ran out of memory and was killed (exit code 137)*", "",
            "Give it more memory", "cmd: tail /dev/zero, options: { memory: 24m, memory-swap: 24m }"),
        Container("The image's health check fails", "HealthCheckFails", "the image's health check does not succeed within 3 s*",
            "last health check: *the queue is down", "Check HEALTHCHECK",
            $"{Worker}, options: {{ health-cmd: \"echo the queue is down; exit 1\", health-interval: 1s, health-retries: 2 }}") with
        {
            Places = [Place.Worker],
        },
        Container("The image is built for another processor", "WrongArchitecture", "the image is built for *, and the host has *",
            "exec format error", "Set builder.arch", "cmd: /start") with
        {
            Command = $"Invoke-KamalDeploy -SkipPush -Version {Foreign} -Role {{role}} -HostName {{host}}",
        },
    ];

    private static IEnumerable<Fault> Accessories() =>
    [
        new("An accessory ends after its start", "Crashes", "shop-db ended (exit code 3)*", "log: no password given",
            "Read its log: Get-KamalLog -Accessory db")
        {
            Role = "db",
            Command = "Invoke-KamalAccessoryBoot db",
            Configure = Accessory("cmd: \"sh -c 'echo no password given; exit 3'\""),
            Mend = "lab in {n} docker rm -f shop-db",
        },
        new("An accessory's port is in use", "PortTaken", "port 8080 of the host is in use by the container squatter", "",
            "Stop it, or publish another port")
        {
            Role = "db",
            Command = "Invoke-KamalAccessoryBoot db",
            Configure = Accessory("port: \"8080:80\""),
            Break = "lab in {n} docker run -d --name squatter -p 8080:80 busybox:1.35 sleep 600",
            Mend = "lab in {n} docker rm -f squatter; lab in {n} docker rm -f shop-db",
        },
    ];

    /// <summary>A fault that an environment variable of one host's containers brings about.</summary>
    private static Fault App(string title, string cause, string says, string evidence, string next, string variable) =>
        new(title, cause, says, evidence, next)
        {
            Places = OfWeb,
            Role = "{role}",
            Command = "Invoke-KamalDeploy -SkipPush -Version v2 -Role {role}",
            Configure = (text, place) =>
                text.Replace(place.Hosts, $"{{ \"{place.Hosts}\": seeded }}", StringComparison.Ordinal)
                + $"env: {{ tags: {{ seeded: {{ {variable} }} }} }}\n",
        };

    private static Fault Health(string title, string cause, string says, string evidence, string next, string status)
    {
        var fault = App(title, cause, says, evidence, next, $"UP: \"{status}\"");
        return fault with
        {
            Configure = (text, place) => fault.Configure(text, place) + "proxy: { healthcheck: { path: /cgi-bin/up } }\n",
        };
    }

    /// <summary>A fault that keys of a role bring about.</summary>
    private static Fault Container(string title, string cause, string says, string evidence, string next, string keys) =>
        new(title, cause, says, evidence, next)
        {
            Role = "{role}",
            Command = Limited + " -Role {role}",
            Configure = (text, place) => place == Place.Worker
                ? text.Replace(Worker, keys, StringComparison.Ordinal)
                : text.Replace($"web: {Web}", $"web: {{ hosts: {Web}, {keys} }}", StringComparison.Ordinal),
        };

    /// <summary>Has another name for a host.</summary>
    private static Func<string, Place, string> Named(string name) =>
        (text, place) => text.Replace(place.Hosts, $"\"{place.Fill(name)}\"", StringComparison.Ordinal);

    private static Func<string, Place, string> Ssh(params string[] lines) => (text, place) => text + SshMark
        + string.Join('|', lines.Select(line => place == Place.All ? line : place.Fill(line))) + "\n";

    private static Func<string, Place, string> Accessory(string line) => (text, place) =>
        $"{text}accessories: {{ db: {{ image: \"busybox:1.35\", service: shop-db, host: {place.Hosts}, {line} }} }}\n";
}
