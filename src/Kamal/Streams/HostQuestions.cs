using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.InteropServices;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Secrets;

namespace Kamal.Streams;

/// <summary>Asks the operator through the host's user interface, on the pipeline thread, while the run goes on elsewhere.</summary>
/// <param name="sink">The way to the pipeline thread.</param>
/// <param name="interactive">Whether somebody is there; if not, every question is refused at once.</param>
/// <param name="trace">Where to show how connections are made; nowhere, if null.</param>
/// <param name="secrets">Gets to know what the operator answers.</param>
internal sealed class HostQuestions(IRunSink sink, bool interactive, MessageSeverity? trace = null, SecretRegister? secrets = null) : IHostInteraction
{
    /// <inheritdoc/>
    public async Task<bool> ConfirmHostKeyAsync(string hostName, string keyType, string fingerprint, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(ui =>
        {
            Collection<ChoiceDescription> choices = [new("&Yes", "Trust this key and remember it."), new("&No", "Do not connect.")];
            var message = EventGuard.OfProcess().Line($"The host '{hostName}' is not known. Its {keyType} key's fingerprint is {fingerprint}. Trust it and connect?");
            return ui.PromptForChoice("Unknown host key", message, choices, 1) == 0;
        }, cancellationToken).ConfigureAwait(false);
        return answer is true;
    }

    /// <inheritdoc/>
    public async Task<string?> AskSecretAsync(string prompt, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(ui =>
        {
            ui.Write(EventGuard.OfProcess().Line(prompt) + ": ");
            using var secret = ui.ReadLineAsSecureString();
            var pointer = Marshal.SecureStringToGlobalAllocUnicode(secret);
            try
            {
                return Marshal.PtrToStringUni(pointer);
            }
            finally
            {
                Marshal.ZeroFreeGlobalAllocUnicode(pointer);
            }
        }, cancellationToken).ConfigureAwait(false);
        if (answer is string { Length: > 0 } known) secrets?.Add("", new(known));
        return answer as string;
    }

    /// <inheritdoc/>
    public void Warn(string text) => sink.Warn(text);

    /// <inheritdoc/>
    public bool IsTraced => trace is not null;

    /// <inheritdoc/>
    public void Trace(string hostName, string text)
    {
        if (trace is { } severity) sink.Emit(new MessageEmitted(severity, "ssh: " + text) { HostName = hostName });
    }

    private async Task<object?> AskAsync(Func<PSHostUserInterface, object?> ask, CancellationToken cancellationToken)
    {
        if (!interactive) return null;
        var question = new PipelineWork(cmdlet =>
        {
            try
            {
                return cmdlet.Host?.UI is { } ui ? ask(ui) : null;
            }
            catch (Exception error) when (error is HostException or PSInvalidOperationException or PSNotImplementedException or NotImplementedException)
            {
                // The host says that nobody can be asked: the same as a refusal.
                return null;
            }
        });
        sink.Emit(question);
        return await question.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
