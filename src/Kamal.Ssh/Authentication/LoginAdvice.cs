using Kamal.Ssh.Targets;
using Kamal.Ssh.Wire;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace Kamal.Ssh.Authentication;

/// <summary>What an operator can do about a login that failed.</summary>
internal static class LoginAdvice
{
    /// <summary>Whether the server refused the login, rather than that the connection broke.</summary>
    public static bool IsRefusal(Exception failure, LoginReport report) =>
        failure is SshAuthenticationException || (report.Count > 0 && failure is SshConnectionException broken && IsTooMuch(broken));

    /// <summary>The ways to log in that the server named before anything was tried: only the words of SSH.NET's error have them.</summary>
    public static IReadOnlyList<string> AcceptedIn(Exception failure)
    {
        if (failure is not SshAuthenticationException || !failure.Message.StartsWith("No suitable", StringComparison.Ordinal)) return [];
        var from = failure.Message.IndexOf('(', StringComparison.Ordinal);
        var to = failure.Message.LastIndexOf(')');
        return from < 0 || to < from ? [] : ServerText.Clean(failure.Message[(from + 1)..to]).Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A sentence if the server ended the connection itself.</summary>
    public static string Ending(Exception failure) =>
        failure is SshConnectionException ? " Then the server ended the connection: too many keys for it (its MaxAuthTries)." : "";

    /// <summary>The recommendation.</summary>
    public static string For(SshTarget target, Exception failure, LoginReport report, SshHints hints)
    {
        var command = $"Try: ssh -p {target.Port} {target.User}@{target.Address}. ";
        if (failure is SshConnectionException)
        {
            return $"{command}Let only the right key be shown: {hints.OfferOneKey}.";
        }

        if (report.Accepted.Count > 0 && !report.Accepted.Contains("publickey")) return $"{command}This server takes no keys: {hints.GivePassword}.";
        var advice = $"{command}{hints.NameKey}, add it to the agent with ssh-add, or {hints.GivePassword}.";
        if (report.Count == 0) return advice;
        return advice + $" If the key is the right one: is it in {target.User}'s ~/.ssh/authorized_keys there"
            + (target.User == "root" ? $", and does the server let root in (PermitRootLogin in its sshd_config; else name another account {hints.NameUser})?" : "?");
    }

    private static bool IsTooMuch(SshConnectionException broken) =>
        broken.DisconnectReason == DisconnectReason.NoMoreAuthenticationMethodsAvailable || broken.Message.Contains("Too many authentication failures", StringComparison.OrdinalIgnoreCase);
}
