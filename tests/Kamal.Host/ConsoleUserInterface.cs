using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Kamal.Host;

/// <summary>Results go to standard output; everything said about them goes to standard error, without stack traces.</summary>
internal sealed class ConsoleUserInterface(bool interactive) : PSHostUserInterface
{
    private readonly ProgressLine _progress = new();

    public override PSHostRawUserInterface RawUI { get; } = new ConsoleRawUserInterface();

    public override bool SupportsVirtualTerminal => !Console.IsOutputRedirected;

    public override void Write(string value)
    {
        _progress.Clear();
        Console.Out.Write(GetOutputString(value, SupportsVirtualTerminal));
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value)
    {
        _progress.Clear();
        Console.Out.WriteLine(GetOutputString(value, SupportsVirtualTerminal));
    }

    public override void WriteErrorLine(string value) => Say(value);

    public override void WriteDebugLine(string message) => Say("DEBUG: " + message);

    public override void WriteVerboseLine(string message) => Say("VERBOSE: " + message);

    public override void WriteWarningLine(string message) => Say("WARNING: " + message);

    public override void WriteInformation(InformationRecord record)
    {
        // Shown by the console from the pipeline's stream, so that it goes to standard error.
    }

    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(record);

    /// <summary>Writes a line to standard error.</summary>
    public void Say(string line)
    {
        _progress.Clear();
        Console.Error.WriteLine(GetOutputString(line, !Console.IsErrorRedirected));
    }

    public override string ReadLine()
    {
        RequireInteractive();
        _progress.Clear();
        return Console.In.ReadLine() ?? throw new HostException("Standard input has ended; nobody can answer.");
    }

    public override SecureString ReadLineAsSecureString()
    {
        RequireInteractive();
        var answer = new SecureString();
        if (Console.IsInputRedirected)
        {
            foreach (var character in ReadLine()) answer.AppendChar(character);
            return answer;
        }

        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace && answer.Length > 0) answer.RemoveAt(answer.Length - 1);
            else if (!char.IsControl(key.KeyChar)) answer.AppendChar(key.KeyChar);
        }

        Console.Error.WriteLine();
        return answer;
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RequireInteractive();
        if (caption.Length > 0) Say(caption);
        if (message.Length > 0) Say(message);
        Dictionary<string, PSObject> answers = [];
        foreach (var field in descriptions)
        {
            Console.Error.Write(field.Name + ": ");
            var secret = field.ParameterTypeName == nameof(SecureString);
            answers[field.Name] = secret ? PSObject.AsPSObject(ReadLineAsSecureString()) : PSObject.AsPSObject(ReadLine());
        }

        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireInteractive();
        if (caption.Length > 0) Say(caption);
        if (message.Length > 0) Say(message);
        while (true)
        {
            Console.Error.Write(string.Join("  ", choices.Select(choice => $"[{HotKey(choice)}] {choice.Label.Replace("&", "", StringComparison.Ordinal)}")));
            Console.Error.Write(defaultChoice >= 0 ? $" (default is \"{HotKey(choices[defaultChoice])}\"): " : ": ");
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0) return defaultChoice;
            for (var index = 0; index < choices.Count; index++)
            {
                if (Answers(choices[index], answer)) return index;
            }
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
    {
        RequireInteractive();
        if (message.Length > 0) Say(message);
        if (string.IsNullOrEmpty(userName))
        {
            Console.Error.Write("User: ");
            userName = ReadLine();
        }

        Console.Error.Write($"Password for {userName}: ");
        return new(userName, ReadLineAsSecureString());
    }

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        PromptForCredential(caption, message, userName, targetName);

    private static bool Answers(ChoiceDescription choice, string answer) =>
        string.Equals(answer, HotKey(choice), StringComparison.OrdinalIgnoreCase)
        || string.Equals(answer, choice.Label.Replace("&", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    private static string HotKey(ChoiceDescription choice)
    {
        var at = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return at >= 0 && at + 1 < choice.Label.Length ? choice.Label[at + 1].ToString(CultureInfo.InvariantCulture) : choice.Label;
    }

    private void RequireInteractive()
    {
        if (!interactive) throw new HostException("The console is not interactive; nobody can answer.");
    }
}
