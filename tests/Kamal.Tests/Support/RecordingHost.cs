using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Kamal.Tests.Support;

/// <summary>A host that records its output and answers choices with a fixed answer.</summary>
internal sealed class RecordingHost : PSHost
{
    private readonly RecordingInterface _ui = new();

    public List<string> Lines => _ui.Lines;

    public int Answer { get => _ui.Answer; set => _ui.Answer = value; }

    public override string Name => "Kamal.Tests";

    public override Version Version { get; } = new(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => _ui;

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override void SetShouldExit(int exitCode) => throw new NotSupportedException();

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    private sealed class RecordingInterface : PSHostUserInterface
    {
        public List<string> Lines { get; } = [];

        public int Answer { get; set; }

        public override PSHostRawUserInterface? RawUI => null;

        public override void Write(string value) => Lines.Add(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Lines.Add(value);

        public override void WriteLine(string value) => Lines.Add(value);

        public override void WriteErrorLine(string value) => Lines.Add(value);

        public override void WriteDebugLine(string message) => Lines.Add(message);

        public override void WriteVerboseLine(string message) => Lines.Add(message);

        public override void WriteWarningLine(string message) => Lines.Add("WARNING: " + message);

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override string ReadLine() => throw new HostException("This host does not prompt.");

        public override SecureString ReadLineAsSecureString() => throw new HostException("This host does not prompt.");

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            throw new HostException("This host does not prompt.");

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
        {
            Lines.Add("? " + message);
            return Answer;
        }

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            throw new HostException("This host does not prompt.");

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes,
            PSCredentialUIOptions options) =>
            throw new HostException("This host does not prompt.");
    }
}
