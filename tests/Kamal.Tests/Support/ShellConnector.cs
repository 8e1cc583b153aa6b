using Kamal.Engine.Hosts;
using Kamal.Engine.Ssh;
using Kamal.Engine.Tests.Support;

namespace Kamal.Tests.Support;

/// <summary>Every host is this machine's own shell, with a <c>docker</c> that runs the command of <c>docker exec</c> and <c>docker run</c> and does nothing else.</summary>
internal sealed class ShellConnector : IHostConnector, IDisposable
{
    private const string Docker = """
        #!/bin/sh
        case $1 in exec|run) ;; *) exit 0 ;; esac
        verb=$1; shift
        while :; do case $1 in -i|-it|--rm|--detach) shift ;; --env) export "$2"; shift 2 ;; --*) shift 2 ;; *) break ;; esac; done
        shift
        exec "$@"

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("kamal-docker-").FullName;

    public ShellConnector()
    {
        var docker = Path.Combine(_folder, "docker");
        File.WriteAllText(docker, Docker);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public Task<IHostConnection> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken) =>
        Task.FromResult<IHostConnection>(new LocalShellConnection(path: $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}", home: _folder, name: target.Name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
