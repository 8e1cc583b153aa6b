namespace Kamal.Engine.Ssh;

/// <summary>Where an SSH agent listens: a Unix socket, or a named pipe of Windows.</summary>
public static class AgentAddress
{
    private const string PipePrefix = @"\\.\pipe\";

    /// <summary>The pipe of the agent that comes with Windows, which 1Password's agent uses as well.</summary>
    public const string WindowsOpenSsh = @"\\.\pipe\openssh-ssh-agent";

    /// <summary>The addresses to try for a target, the first that answers wins; none if agents are switched off.</summary>
    /// <param name="identityAgent">What ssh_config's <c>IdentityAgent</c> says; null if nothing.</param>
    /// <param name="environmentVariable">Reads an environment variable.</param>
    /// <param name="listPipes">Lists the named pipes of Windows; gives nothing elsewhere.</param>
    public static IReadOnlyList<string> Candidates(string? identityAgent, Func<string, string?> environmentVariable, Func<IEnumerable<string>> listPipes)
    {
        if (identityAgent == "none") return [];
        if (identityAgent is not (null or "" or "SSH_AUTH_SOCK"))
        {
            var address = identityAgent[0] == '$' ? environmentVariable(identityAgent.Trim('$', '{', '}')) : identityAgent;
            return string.IsNullOrEmpty(address) ? [] : [address];
        }

        if (environmentVariable("SSH_AUTH_SOCK") is { Length: > 0 } socket) return [socket];
        var pipes = listPipes().Select(pipe => pipe.StartsWith(PipePrefix, StringComparison.OrdinalIgnoreCase) ? pipe : PipePrefix + pipe).ToList();
        return [.. pipes.Where(pipe => pipe.Equals(WindowsOpenSsh, StringComparison.OrdinalIgnoreCase)), .. pipes.Where(IsPageant)];
    }

    /// <summary>The name of the pipe that an address means, or null if it means a socket.</summary>
    /// <param name="address">The address.</param>
    public static string? PipeName(string address)
    {
        var text = address.Replace('/', '\\');
        return text.StartsWith(PipePrefix, StringComparison.OrdinalIgnoreCase) ? text[PipePrefix.Length..] : null;
    }

    /// <summary>Pageant's pipe carries the user's name and a hash: <c>pageant.USER.HEX</c> (since PuTTY 0.75).</summary>
    private static bool IsPageant(string pipe) =>
        pipe.StartsWith(PipePrefix + "pageant." + Environment.UserName + ".", StringComparison.OrdinalIgnoreCase);
}
