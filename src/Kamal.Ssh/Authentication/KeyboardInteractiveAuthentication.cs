using Kamal.Ssh.Targets;
using Kamal.Ssh.Transport;
using Kamal.Ssh.Wire;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Ssh.Authentication;

/// <summary>
/// Keyboard-interactive authentication (RFC 4256). The given password answers a single hidden prompt; other prompts are passed
/// on.
/// </summary>
internal sealed class KeyboardInteractiveAuthentication(
    SshTarget target, ISshInteraction interaction, LoginReport report, Func<ConnectionInfo> info, CancellationToken cancellationToken)
    : AuthenticationMethod(target.User)
{
    /// <summary>How long an answer may take; sshd's limit (LoginGraceTime) is two minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private string _question = "";

    public override string Name => "keyboard-interactive";

    public override AuthenticationResult Authenticate(Session session)
    {
        TcpTimeouts.Apply(session, target);
        report.Offer(Name);
        var limit = info().Timeout;
        // SSH.NET has one timeout for the server and for the answer.
        info().Timeout = Patience;
        try
        {
            for (var i = 0; i < (target.Password is null ? target.PasswordPrompts : 1); i++)
            {
                var answered = false;
                using var attempt = new KeyboardInteractiveAuthenticationMethod(Username);
                attempt.AuthenticationPrompt += (_, question) =>
                {
                    foreach (var prompt in question.Prompts) answered |= Answer(prompt, question);
                };
                var result = attempt.Authenticate(session);
                if (attempt.AllowedAuthentications is { Length: > 0 } allowed) report.Accepted = AllowedAuthentications = allowed;
                if (answered) report.Try("answers to the server's prompts");
                else if (_question.Length > 0) report.Notes.Add($"the server's prompt '{_question}' was not answered");
                if (result != AuthenticationResult.Failure || !answered) return result;
            }

            return AuthenticationResult.Failure;
        }
        finally
        {
            info().Timeout = limit;
        }
    }

    private bool Answer(AuthenticationPrompt prompt, AuthenticationPromptEventArgs question)
    {
        var text = ServerText.Clean($"{question.Instruction} {prompt.Request}");
        var answer = !prompt.IsEchoed && target.Password is { } password && question.Prompts.Count == 1
            ? password.Reveal()
            : Task.Run(() => interaction.AskSecretAsync($"{target}: {text}", cancellationToken), cancellationToken)
                .GetAwaiter().GetResult();
        if (answer is null) _question = ServerText.Clean(prompt.Request).TrimEnd(':');
        prompt.Response = answer ?? "";
        return answer is not null;
    }
}
