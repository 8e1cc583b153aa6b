using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>A command on one host that the operator works with: the system's <c>ssh</c> gets the whole terminal.</summary>
/// <param name="run">The operation.</param>
internal sealed class InteractiveSession(OperationRun run)
{
    /// <summary>Runs a command; ends when the operator leaves it.</summary>
    /// <param name="host">The host.</param>
    /// <param name="command">The command.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.RemoteCommandFailed"/>: it ended with an exit code that is not 0.</exception>
    public async Task<KamalCommandResult> RunAsync(string host, ShellCommand command)
    {
        await run.ConnectAsync().ConfigureAwait(false);
        var began = run.Context.Clock.GetTimestamp();
        var result = await run.LocalAsync(await CommandAsync(host, command).ConfigureAwait(false)).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new KamalException(KamalErrorId.RemoteCommandFailed, $"{host}: the command ended with exit code {result.ExitCode.ToString(CultureInfo.InvariantCulture)}.")
            {
                HostName = host,
                Command = command.Display,
                ExitCode = result.ExitCode,
            };
        }

        return new(host, result.ExitCode, "") { Duration = run.Context.Clock.GetElapsedTime(began) };
    }

    private async Task<LocalCommand> CommandAsync(string host, ShellCommand command)
    {
        var ssh = run.Configuration.Ssh;
        var target = run.Context.ResolveTarget is { } resolve ? await resolve(host, run.Cancellation).ConfigureAwait(false) : null;
        ImmutableArray<LocalText> arguments =
        [
            .. ConfigFiles(ssh), .. Jump(ssh),
            .. (ssh.Keys ?? []).SelectMany(key => new LocalText[] { "-i", key }),
            .. ssh.KeysOnly == true ? ["-o", "IdentitiesOnly=yes"] : Array.Empty<LocalText>(),
            .. ssh.ForwardAgent == true ? ["-A"] : Array.Empty<LocalText>(),
            "-t", $"{target?.User ?? ssh.User ?? "root"}@{host}",
            "-p", (target?.Port ?? ssh.Port ?? 22).ToString(CultureInfo.InvariantCulture),
            command.Text == command.Display ? LocalText.Plain(command.Text) : LocalText.Redacted(command.Text, command.Display),
        ];
        return new LocalCommand { FileName = "ssh", Arguments = arguments, Terminal = LocalTerminal.Full };
    }

    private static IEnumerable<LocalText> ConfigFiles(SshConfiguration ssh) =>
        !ssh.UseConfigFiles ? ["-F", "/dev/null"] : ssh.ConfigFiles.SelectMany(file => new LocalText[] { "-F", file });

    private static IEnumerable<LocalText> Jump(SshConfiguration ssh)
    {
        if (ssh.Proxy is { } proxy) return ["-J", proxy.Contains('@', StringComparison.Ordinal) ? proxy : "root@" + proxy];
        return ssh.ProxyCommand is { } command ? ["-o", "ProxyCommand=" + command] : [];
    }
}
