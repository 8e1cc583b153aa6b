namespace Kamal.Lab.Tests;

/// <summary>Faults of registries, of the machine that deploys, and of hosts.</summary>
internal static partial class SeededFaults
{
    private static IEnumerable<Fault> Registries() =>
    [
        new("The version was not pushed", "ImageNotFound", "the registry does not have this version of the image*", "",
            "Leave out -SkipPush")
        {
            Places = OrAll, Command = "Invoke-KamalDeploy -SkipPush -Version v9 -HostName {host}",
        },
        new("The registry's address is wrong", "RegistryUnreachable", "the host cannot reach the registry 10.211.0.77:5000*", "",
            "Check registry.server in deploy.yml")
        {
            Places = [Place.All],
            Configure = (text, _) => text.Replace("10.211.0.2:5000", "10.211.0.77:5000", StringComparison.Ordinal),
        },
        new("The registry's name does not resolve", "RegistryUnreachable", "the host cannot reach the registry registry.invalid*", "lookup",
            "Check registry.server in deploy.yml")
        {
            Places = [Place.All],
            Configure = (text, _) => text.Replace("10.211.0.2:5000", "registry.invalid", StringComparison.Ordinal),
        },
        new("The host cannot reach the registry", "RegistryUnreachable", "the host cannot reach the registry 10.211.0.2:5000*",
            "no route to host", "Check registry.server in deploy.yml")
        {
            Break = "lab in {n} ip route add unreachable 10.211.0.2", Mend = "lab in {n} ip route del unreachable 10.211.0.2",
        },
        new("The registry's password is wrong", "RegistryLoginFailed", "the registry 10.211.0.2:5000 rejects the user name or password*",
            "nauthorized", "Check registry.username and registry.password")
        {
            Places = OrAll,
            Command = Limited,
            Configure = (text, _) => text.Replace("[ REGISTRY_PASSWORD ]", "[ WRONG_PASSWORD ]", StringComparison.Ordinal),
        },
        new("The image is built for several processors, and not for the host's", "WrongArchitecture",
            "the image is built for another processor than the host's*", "no matching manifest for linux/", "Set builder.arch")
        {
            Command = $"Invoke-KamalDeploy -SkipPush -Version {Foreign}-index -HostName {{host}}",
        },
        Pull("The registry denies access to the image", "RegistryAccessDenied",
            "the registry denies access to the image, or does not have it*", "Check image in deploy.yml",
            "response from daemon: denied", "denied"),
        Pull("The registry limits pulls", "RegistryRateLimited", "the registry limits how often images are pulled*", "Wait and run",
            "toomanyrequests: You have reached your pull rate limit.", "limited"),
        Pull("The registry says that the login has expired", "RegistryLoginFailed",
            "the registry says that the token used as password has expired*", "Get a new token", "Your authorization token has expired",
            "expired"),
        Pull("The registry does not have the repository", "ImageNotFound", "the registry does not have the image's repository*",
            "Check image in deploy.yml", "name unknown", "missing"),
        new("The account may not pull", "RegistryAccessDenied", "the registry denies access to the image, or does not have it*",
            "denied: requested access to the resource is denied", "Check image in deploy.yml")
        {
            Places = [Place.All], Configure = Secure, Break = "lab token up; lab token account lab - lab-secret",
        },
        new("The server of a registry's tokens rejects the password", "RegistryLoginFailed",
            "the registry 10.211.0.2:5003 rejects the user name or password*", "nauthorized",
            "Check registry.username and registry.password")
        {
            Places = [Place.All],
            Configure = (text, place) =>
                Secure(text, place).Replace("[ REGISTRY_PASSWORD ]", "[ WRONG_PASSWORD ]", StringComparison.Ordinal),
            Break = "lab token up",
        },
        Pull("The registry fails", "RegistryFails", "the registry answers with a server error (503 Service Unavailable)",
            "Run the command again", "503 Service Unavailable", "failing"),
        new("The registry does not use TLS", "RegistryWithoutTls", "the registry 10.211.0.2:5000 does not use TLS*",
            "http: server gave HTTP response to HTTPS client", "Add the registry to insecure-registries")
        {
            Break = "lab docker {n} tls", Mend = "lab docker {n} plain",
        },
        // Docker loads into a directory of its own, which is small here, so that the check before the deploy finds space.
        new("The disk is full while an image is pulled", "DiskFull", "the disk is full*", "no space left on device",
            "Free space on the host")
        {
            Command = "Invoke-KamalDeploy -SkipPush -Version v3 -HostName {host}",
            Break = "lab in {n} sh -c 'mkdir -p /var/lib/docker/tmp; mount -t tmpfs -o size=4k,nr_inodes=1 full /var/lib/docker/tmp'",
            Mend = "lab in {n} umount /var/lib/docker/tmp",
        },
    ];

    private static IEnumerable<Fault> Deployers() =>
    [
        new("A secret has no value", "SecretMissing", "*TOKEN*", "", "*")
        {
            Places = [Place.Here], Where = "", Configure = (text, _) => text + "env: { secret: [ TOKEN ] }\n",
        },
        new("A hook fails", "HookFailed", "The pre-deploy hook failed with exit code 3.", "not on a Friday", "-SkipHooks")
        {
            Places = [Place.Here],
            Where = "",
            Break = "mkdir -p .kamal/hooks; printf '#!/bin/sh\\necho not on a Friday >&2\\nexit 3\\n' > .kamal/hooks/pre-deploy; "
                + "chmod +x .kamal/hooks/pre-deploy",
            Mend = "rm .kamal/hooks/pre-deploy",
        },
        new("Another run holds the deploy lock", "DeployLockHeld", "The deploy lock on {host} is held*", "Message: Automatic deploy lock",
            "*kamal lock release*")
        {
            Places = [Place.First],
            Where = "",
            Break = "lab in 1 sh -c 'cd; mkdir -p .kamal/lock-shop; printf \"Locked by: Ann at 2026-01-02T03:04:05Z\\nVersion: v1\\n"
                + "Message: Automatic deploy lock\\n\" | base64 > .kamal/lock-shop/details'",
            Mend = "lab in 1 sh -c 'cd; rm -r .kamal/lock-shop'",
        },
    ];

    /// <summary>Faults of a build on this machine, and of its push.</summary>
    private static IEnumerable<Fault> Builds() =>
    [
        Build("A step of the Dockerfile fails", "BuildFailed",
            "The image could not be built: the step echo no compiler; exit 3 of the Dockerfile failed with exit code 3.", "no compiler",
            "Correct the step", "FROM 10.211.0.2:5000/shop:v1\\nRUN echo no compiler; exit 3"),
        Build("The Dockerfile copies a file that is not there", "BuildFailed",
            "The image could not be built: the Dockerfile copies /nosuch, which the build context does not have.", "nosuch",
            "Commit the file", "FROM 10.211.0.2:5000/shop:v1\\nCOPY nosuch /"),
        Build("The base image does not exist", "ImageNotFound",
            "The image could not be built: the base image 10.211.0.2:5000/nosuch:1 does not exist*", "not found", "Check FROM",
            "FROM 10.211.0.2:5000/nosuch:1"),
        Build("There is no Dockerfile", "BuildFailed", "There is no Dockerfile *", "", "Write it", "") with
        {
            Break = "", Mend = "",
        },
        Push("The registry limits pushes", "RegistryRateLimited", "the registry limits how many requests it accepts.",
            "toomanyrequests", "Wait and run", "limited"),
        Push("The login expires before the push", "RegistryLoginFailed", "the registry says that the token used as password has expired.",
            "Your authorization token has expired", "Get a new token", "expired"),
        Push("The registry does not have the repository of a push", "ImageNotFound",
            "the registry does not have the image's repository.", "name unknown", "Create the repository", "missing"),
        Push("The account may not push", "RegistryAccessDenied",
            "the registry does not let the account push the image, or does not have its repository.", "denied", "may push it", "") with
        {
            Configure = (text, place) =>
                Secure(text, place).Replace("driver: docker }", "driver: docker, context: . }", StringComparison.Ordinal),
            Break = Dockerfile("FROM 10.211.0.2:5000/shop:v1") + "; lab token up; lab token account lab pull lab-secret",
            Mend = "rm Dockerfile",
        },
        Build("The registry limits pulls of the base image", "RegistryRateLimited",
            "The image could not be built: the base image 10.211.0.2:5002/shop:v1 could not be pulled: the registry* limits how often "
            + "images are pulled.", "429", "Wait and run", "FROM 10.211.0.2:5002/shop:v1") with
        {
            Configure = Fronted,
            Break = Dockerfile("FROM 10.211.0.2:5002/shop:v1") + "; lab registry here limited",
            Mend = "rm Dockerfile; lab registry here off",
        },
        Build("This machine may not log in to the registry", "RegistryLoginFailed",
            "This machine could not log in to the registry: the registry 10.211.0.2:5000 rejects the user name or password.",
            "nauthorized", "Check registry.username and registry.password", "FROM 10.211.0.2:5000/shop:v1") with
        {
            Configure = (text, _) => text.Replace("[ REGISTRY_PASSWORD ]", "[ WRONG_PASSWORD ]", StringComparison.Ordinal),
        },
        Build("Docker does not run on this machine", "DockerNotRunning", "This machine could not log in to the registry: Docker is not running on this machine.",
            "unix:///run/none.sock", "Start it: sudo systemctl start docker", "FROM 10.211.0.2:5000/shop:v1") with
        {
            Command = "$engine = $env:DOCKER_HOST; $env:DOCKER_HOST = 'unix:///run/none.sock'; "
                + "try { Invoke-KamalDeploy -Version v2 } finally { $env:DOCKER_HOST = $engine }",
        },
    ];

    private static Fault Build(string title, string cause, string says, string evidence, string next, string dockerfile) =>
        new(title, cause, says, evidence, next)
        {
            Places = [Place.Here],
            Where = "",
            Command = "Invoke-KamalDeploy -Version v2",
            Configure = (text, _) => text.Replace("driver: docker }", "driver: docker, context: . }", StringComparison.Ordinal),
            Break = Dockerfile(dockerfile),
            Mend = "rm Dockerfile",
        };

    /// <summary>A build whose push the registry rejects.</summary>
    private static Fault Push(string title, string cause, string says, string evidence, string next, string answer)
    {
        const string from = "FROM 10.211.0.2:5000/shop:v1";
        return Build(title, cause, $"The image could not be pushed: {says}", evidence, next, from) with
        {
            Configure = Fronted,
            Break = Dockerfile(from) + $"; lab registry here {answer}",
            Mend = "rm Dockerfile; lab registry here off",
        };
    }

    private static string Dockerfile(string text) => $"printf '{text}\\n' > Dockerfile";

    /// <summary>Builds the working directory, for the registry that can reject requests.</summary>
    private static string Fronted(string text, Place place) => text
        .Replace("driver: docker }", "driver: docker, context: . }", StringComparison.Ordinal)
        .Replace("10.211.0.2:5000", "10.211.0.2:5002", StringComparison.Ordinal);

    /// <summary>Uses the registry with TLS and tokens.</summary>
    private static string Secure(string text, Place place) =>
        text.Replace("10.211.0.2:5000", "10.211.0.2:5003", StringComparison.Ordinal);

    private static IEnumerable<Fault> Hosts() =>
    [
        new("The disk is nearly full", "DiskFull", "the disk is full*", "no space left on device: 9 MiB are free in *", "Free space")
        {
            Break = DataRoot("size=9999k"), Mend = DataRootBack,
        },
        new("The disk has no inodes left", "DiskFull", "the disk has no inodes left*", "no inodes are left in * (7 free)", "Free space")
        {
            Break = DataRoot("size=900m,nr_inodes=8"), Mend = DataRootBack,
        },
        new("The account may not use Docker", "DockerNotPermitted", "the account is not allowed to use Docker*", "",
            "Add the account to the docker group")
        {
            Where = "plain@{host}",
            Configure = Named("plain@{host}"),
            Break = "lab user {n} plain",
            Mend = "lab user {n} plain gone",
        },
        new("The proxy does not run", "ProxyNotRunning", "the proxy does not run*", "", "Start it with Invoke-KamalProxyBoot")
        {
            Places = OfWeb,
            Role = "{role}",
            Command = "Invoke-KamalAppBoot -Version v2 -HostName {host}",
            Break = "lab in {n} docker stop kamal-proxy",
            Mend = "lab in {n} docker start kamal-proxy",
        },
        new("The proxy's container is gone", "ProxyNotRunning", "the proxy does not run*", "", "Start it with Invoke-KamalProxyBoot")
        {
            Places = OfWeb,
            Role = "{role}",
            Command = "Invoke-KamalAppBoot -Version v2 -HostName {host}",
            Break = "lab in {n} sh -c 'docker stop kamal-proxy; docker rename kamal-proxy set-aside'",
            Mend = "lab in {n} sh -c 'docker rename set-aside kamal-proxy; docker start kamal-proxy'",
        },
        new("The proxy is too old", "ProxyOutdated", "kamal-proxy is older than v0.9.2, the minimum version*", "",
            "Upgrade it with Invoke-KamalProxyReboot")
        {
            Places = OfWeb,
            Break = "lab in {n} sh -c 'docker rename kamal-proxy set-aside; docker tag basecamp/kamal-proxy:v0.9.2 kamal-proxy:v0.8.0; "
                + "docker create --name kamal-proxy kamal-proxy:v0.8.0'",
            Mend = "lab in {n} sh -c 'docker rm -f kamal-proxy; docker rename set-aside kamal-proxy'",
        },
        new("A process uses port 80", "PortTaken", "port 80 of the host is in use by the process sshd (*)*", "", "Stop it, or publish")
        {
            Places = OfWeb,
            Break = "lab in {n} sh -c 'docker stop kamal-proxy; /usr/sbin/sshd -p 80 -o PidFile=/run/port80.pid'",
            Mend = "lab in {n} sh -c 'kill $(cat /run/port80.pid); docker start kamal-proxy'",
        },
        new("A container uses port 443", "PortTaken", "port 443 of the host is in use by the container edge*", "", "Stop it, or publish")
        {
            Places = OfWeb,
            Break = "lab in {n} sh -c 'docker stop kamal-proxy; docker run -d --name edge -p 443:80 busybox:1.35 sleep 600'",
            Mend = "lab in {n} sh -c 'docker rm -f edge; docker start kamal-proxy'",
        },
        new("Docker does not run", "DockerNotRunning", "Docker is not running on the host*", "", "Start it on the host")
        {
            Break = "lab docker {n} stop", Mend = "lab docker {n} start",
        },
        new("Docker does not run, and versions are listed", "DockerNotRunning", "Docker is not running on the host*", "",
            "Start it on the host")
        {
            Command = "Get-KamalAppVersion", Break = "lab docker {n} stop", Mend = "lab docker {n} start",
        },
        new("Docker does not run, and only a login asks it", "DockerNotRunning", "Docker is not running on the host*", "",
            "Start it on the host")
        {
            Command = "Connect-KamalRegistry -SkipLocal -HostName {host}", Break = "lab docker {n} stop", Mend = "lab docker {n} start",
        },
        new("Docker is not installed", "DockerMissing", "Docker is not installed on the host*", "",
            "Install it with Initialize-KamalServer")
        {
            Break = "lab docker {n} uninstall", Mend = "lab docker {n} install",
        },
    ];

    private static Fault Pull(string title, string cause, string says, string next, string evidence, string answer) =>
        new(title, cause, says, evidence, next)
        {
            Configure = (text, _) => text.Replace("10.211.0.2:5000", "10.211.0.2:5002", StringComparison.Ordinal),
            Break = $"lab registry {{n}} {answer}",
            Mend = "lab registry {n} off",
        };

    /// <summary>Has a small file system where Docker keeps its data.</summary>
    private static string DataRoot(string options) => $"lab in {{n}} mount -t tmpfs -o {options} full /var/lib/docker";
}
