using Kamal.Ssh.Targets;
using Kamal.Ssh.Transport;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Ssh.Authentication;

/// <summary>Password authentication (RFC 4252, section 8), with the given password or one that is asked for.</summary>
internal sealed class PasswordAuthentication(
    SshTarget target, ISshInteraction interaction, LoginReport report, CancellationToken cancellationToken)
    : AuthenticationMethod(target.User)
{
    public override string Name => "password";

    public override AuthenticationResult Authenticate(Session session)
    {
        TcpTimeouts.Apply(session, target);
        report.Offer(Name);
        for (var i = 0; i < (target.Password is null ? target.PasswordPrompts : 1); i++)
        {
            var password = target.Password?.Reveal() ?? Task.Run(
                () => interaction.AskSecretAsync($"Password for {target}", cancellationToken), cancellationToken).GetAwaiter().GetResult();
            if (string.IsNullOrEmpty(password))
            {
                report.Notes.Add("no password was given");
                break;
            }

            report.Try("the password");
            using var attempt = new PasswordAuthenticationMethod(Username, password);
            attempt.PasswordExpired += (_, _) =>
            {
                report.Amend(", which the server wants changed: log in with ssh once to change it");
                throw new SshAuthenticationException("The password has expired.");
            };
            var result = attempt.Authenticate(session);
            if (attempt.AllowedAuthentications is { Length: > 0 } allowed) report.Accepted = AllowedAuthentications = allowed;
            if (result != AuthenticationResult.Failure) return result;
        }

        return AuthenticationResult.Failure;
    }
}
