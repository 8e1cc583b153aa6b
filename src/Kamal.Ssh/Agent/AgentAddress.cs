using System.Text.RegularExpressions;

namespace Kamal.Ssh.Agent;

/// <summary>Where an SSH agent listens: a Unix socket, or a named pipe on Windows.</summary>
internal static partial class AgentAddress
{
    private const string PipePrefix = @"\\.\pipe\";
    private const string PageantPrefix = PipePrefix + "pageant.";

    /// <summary>The pipe of the agent of Windows, which 1Password's agent uses as well.</summary>
    public const string WindowsOpenSsh = @"\\.\pipe\openssh-ssh-agent";

    /// <summary>The addresses to try on this machine, the first that answers wins; none if agents are switched off.</summary>
    /// <param name="identityAgent">What ssh_config's <c>IdentityAgent</c> says; null if nothing.</param>
    public static IReadOnlyList<string> Candidates(string? identityAgent) => Candidates(
        identityAgent,
        Environment.GetEnvironmentVariable,
        () => OperatingSystem.IsWindows() ? Directory.EnumerateFiles(PipePrefix) : []);

    /// <summary>The addresses to try for a target, the first that answers wins; none if agents are switched off.</summary>
    /// <param name="identityAgent">What ssh_config's <c>IdentityAgent</c> says; null if nothing.</param>
    /// <param name="environmentVariable">Reads an environment variable.</param>
    /// <param name="listPipes">Lists the named pipes of Windows; gives nothing elsewhere.</param>
    public static IReadOnlyList<string> Candidates(
        string? identityAgent, Func<string, string?> environmentVariable, Func<IEnumerable<string>> listPipes)
    {
        if (identityAgent == "none") return [];
        if (identityAgent is not (null or "" or "SSH_AUTH_SOCK"))
        {
            var address = identityAgent[0] == '$' ? environmentVariable(identityAgent.Trim('$', '{', '}')) : identityAgent;
            return string.IsNullOrEmpty(address) ? [] : [address];
        }

        if (environmentVariable("SSH_AUTH_SOCK") is { Length: > 0 } socket) return [socket];
        List<string> pipes;
        try
        {
            pipes = [.. listPipes().Select(pipe => pipe.StartsWith(PipePrefix, StringComparison.OrdinalIgnoreCase)
                ? pipe
                : PipePrefix + pipe)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The agent of Windows may be there although pipes cannot be listed.
            return File.Exists(WindowsOpenSsh) ? [WindowsOpenSsh] : [];
        }

        var pageant = pipes.Where(IsPageant).ToList();
        // PuTTY uses the user's name in the directory, which may differ from this one; the owner of the pipe is checked on connecting.
        var mine = pageant.Where(pipe => pipe.StartsWith(PageantPrefix + Environment.UserName + ".", StringComparison.OrdinalIgnoreCase))
            .ToList();
        return [.. pipes.Where(pipe => pipe.Equals(WindowsOpenSsh, StringComparison.OrdinalIgnoreCase)), .. mine.Count > 0
            ? mine
            : pageant];
    }

    /// <summary>Why no agent answers at an address, as the end of a sentence that says so; empty if nothing is known.</summary>
    /// <param name="address">The address.</param>
    /// <param name="environmentVariable">Reads an environment variable.</param>
    /// <param name="exists">Whether a pipe exists.</param>
    public static string Explain(string address, Func<string, string?> environmentVariable, Func<string, bool> exists) =>
        PipeName(address) is null && environmentVariable("SSH_AUTH_SOCK") == address && exists(WindowsOpenSsh)
            ? ", which the variable SSH_AUTH_SOCK names (Git Bash sets it); remove the variable to use the agent of Windows"
            : "";

    /// <summary>The pipe's name in an address, or null if the address is a socket.</summary>
    /// <param name="address">The address, with slashes or backslashes: Pageant's configuration for OpenSSH has slashes.</param>
    public static string? PipeName(string address)
    {
        var text = address.Replace('/', '\\');
        // ssh_config reads the two leading backslashes as one.
        if (text.StartsWith(PipePrefix[1..], StringComparison.OrdinalIgnoreCase)) text = @"\" + text;
        return text.StartsWith(PipePrefix, StringComparison.OrdinalIgnoreCase) ? text[PipePrefix.Length..] : null;
    }

    /// <summary>
    /// Whether an address is a pipe of Pageant's: <c>pageant.USER.HEX</c> (since PuTTY 0.75), its hash made with a key that only
    /// Windows knows.
    /// </summary>
    public static bool IsPageant(string address) => PipeName(address) is { } name && PageantName().IsMatch(name);

    [GeneratedRegex(@"^pageant\..+\.[0-9a-f]{64}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PageantName();
}
