using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.InteropServices;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Secrets;

namespace Kamal.Streams;

/// <summary>Prompts the user through the host's user interface, on the pipeline thread, while the run continues.</summary>
/// <param name="sink">Receives the prompts as work for the pipeline thread.</param>
/// <param name="interactive">Whether prompts are possible. If not, every question is refused at once.</param>
/// <param name="trace">The severity of messages about connections, or null to omit them.</param>
/// <param name="secrets">Receives the secrets that the user enters.</param>
internal sealed class HostQuestions(
    IRunSink sink, bool interactive, MessageSeverity? trace = null, SecretRegister? secrets = null) : IHostInteraction
{
    /// <inheritdoc/>
    public async Task<bool> ConfirmHostKeyAsync(string hostName, string keyType, string fingerprint, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(ui =>
        {
            Collection<ChoiceDescription> choices = [new("&Yes", "Trust this key and save it."), new("&No", "Do not connect.")];
            var question = $"The host '{hostName}' is unknown. The fingerprint of its {keyType} key is {fingerprint}. Connect?";
            return ui.PromptForChoice("Unknown host key", EventGuard.OfProcess().Line(question), choices, 1) == 0;
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
    public bool TracesScripts => trace is MessageSeverity.Debug;

    /// <inheritdoc/>
    public void Trace(string hostName, string text)
    {
        if (trace is { } severity) sink.Emit(new MessageEmitted(severity, text) { HostName = hostName });
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
            catch (Exception error) when (
                error is HostException or PSInvalidOperationException or PSNotImplementedException or NotImplementedException)
            {
                // The host cannot prompt, which is the same as a refusal.
                return null;
            }
        });
        sink.Emit(question);
        return await question.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
