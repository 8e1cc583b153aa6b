using Kamal.Ssh.Targets;
using Kamal.Ssh.Wire;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace Kamal.Ssh.Authentication;

/// <summary>What a user can do about a failed login.</summary>
internal static class LoginAdvice
{
    /// <summary>Whether the server refused the login, rather than that the connection broke.</summary>
    public static bool IsRefusal(Exception failure, LoginReport report) =>
        failure is SshAuthenticationException || (report.Count > 0 && failure is SshConnectionException broken && IsTooMuch(broken));

    /// <summary>The methods that the server named before any was tried: only the message of SSH.NET's error has them.</summary>
    public static IReadOnlyList<string> AcceptedIn(Exception failure)
    {
        if (failure is not SshAuthenticationException || !failure.Message.StartsWith("No suitable", StringComparison.Ordinal)) return [];
        var from = failure.Message.IndexOf('(', StringComparison.Ordinal);
        var to = failure.Message.LastIndexOf(')');
        return from < 0 || to < from
            ? []
            : ServerText.Clean(failure.Message[(from + 1)..to]).Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A sentence, if the server closed the connection.</summary>
    public static string Ending(Exception failure) =>
        failure is SshConnectionException ? " Then the server closed the connection: too many keys were offered (its MaxAuthTries)." : "";

    /// <summary>The recommendation.</summary>
    public static string For(SshTarget target, Exception failure, LoginReport report, SshHints hints)
    {
        var command = $"Try: ssh -p {target.Port} {target.User}@{target.Address}. ";
        if (failure is SshConnectionException)
        {
            return $"{command}Offer only the right key: {hints.OfferOneKey}.";
        }

        if (report.Accepted.Count > 0 && !report.Accepted.Contains("publickey"))
        {
            return $"{command}This server does not accept keys: {hints.GivePassword}.";
        }
        var advice = $"{command}{hints.NameKey}, add it to the agent with ssh-add, or {hints.GivePassword}."
            + (OperatingSystem.IsMacOS() ? OnKeychain(report) : "");
        if (report.Count == 0) return advice;
        return advice + $" If the key is the right one: is it in {target.User}'s ~/.ssh/authorized_keys there"
            + (target.User == "root"
                ? $", and does the server allow root logins (PermitRootLogin in its sshd_config; otherwise name another account "
                + $"{hints.NameUser})?"
                : "?");
    }

    /// <summary>A sentence for macOS, whose ssh also asks the Keychain for passphrases; empty if no passphrase was missing.</summary>
    public static string OnKeychain(LoginReport report) =>
        report.ToString().Contains(FileKey.NoPassphrase, StringComparison.Ordinal)
            ? " If the passphrase is in the Keychain, 'ssh-add --apple-load-keychain' adds the key to the agent." : "";

    private static bool IsTooMuch(SshConnectionException broken) =>
        broken.DisconnectReason == DisconnectReason.NoMoreAuthenticationMethodsAvailable
            || broken.Message.Contains("Too many authentication failures", StringComparison.OrdinalIgnoreCase);
}
