using System.Globalization;
using System.Text;

namespace Kamal.Engine.Hosts;

/// <summary>Renders a script as text for the standard input of a long-lived <c>sh</c>.</summary>
/// <remarks>
/// The whole script is one group, which the shell parses completely before it runs anything: if the connection breaks
/// while the text is sent, nothing runs. Each step is a subshell, so that its variables do not outlive it, and its command is
/// passed to <c>eval</c> as one quoted word, so that an unbalanced quote fails only its own step. Markers go to both
/// streams, so that all output is attributed exactly; they start with a control character and a nonce.
/// </remarks>
internal static class ScriptText
{
    /// <summary>Starts a marker; the nonce and a space follow.</summary>
    public const char MarkerStart = '\x1e';

    /// <summary>
    /// A command on its own channel, for the account's login shell. It first writes a marker with its process group, which is
    /// needed to end it and also
    /// shows where its output starts: a login shell may print something before.
    /// </summary>
    public static string RenderStream(ShellCommand command, string nonce) =>
        "exec sh -c " + ShellWord.Literal($"{Mark(nonce, "\"P $$\"")}\n{command.Text}").Text;

    /// <summary>
    /// The same for a confidential command, which must not be a process argument: it reads its text from standard input; see
    /// <see cref="StreamInput"/>.
    /// </summary>
    public static string RenderStreamFromInput(string nonce)
    {
        var read = $"__c= __e=; while IFS= read -r __l; do if [ \"$__l\" = {nonce} ]; then __e=1; break; fi; __c=\"$__c$__l\n\"; " +
            "done; [ \"$__e\" ] || exit 1";
        return "exec sh -c " + ShellWord.Literal($"{Mark(nonce, "\"P $$\"")}\n{read}\n{EvalTaken}").Text;
    }

    /// <summary>
    /// The input for <see cref="RenderStreamFromInput"/>: the command and an end line. Shells read lines byte by byte, so the
    /// rest of the input is left for the command.
    /// </summary>
    public static byte[] StreamInput(ShellCommand command, string nonce) => Encoding.UTF8.GetBytes($"{command.Text}\n{nonce}\n");

    /// <summary>
    /// A confidential command for a terminal, which may echo its input: it reads its text from a file and removes the file before
    /// it starts.
    /// </summary>
    public static string RenderFromFile(string path)
    {
        var file = ShellWord.Literal(path).Text;
        return "exec sh -c " + ShellWord.Literal($"__c=$(cat {file}) && rm -f {file} || exit 1\n{EvalTaken}").Text;
    }

    // Unsets the variables, so that the user's command cannot see them.
    private const string EvalTaken = "eval \"unset __c __l __e\n$__c\"";

    public static string Render(HostScript script, string nonce)
    {
        var text = new StringBuilder();
        // The function's name must not hide a command that a user may run.
        text.Append("{\n__k() { ").Append(Mark(nonce, "\"$1\"")).Append("; }\n");
        text.Append("__k \"P $$\"; f=0\n");
        for (var i = 0; i < script.Steps.Length; i++) AppendStep(text, script.Steps[i], i, nonce);
        // Captured values must not be visible to later scripts.
        foreach (var step in script.Steps.Where(step => step.CaptureAs is not null)) text.Append(step.CaptureAs).Append("=\n");
        text.Append("__k D\n}\n");
        return text.ToString();
    }

    /// <summary>Writes a marker to both streams.</summary>
    private static string Mark(string nonce, string what) =>
        $"printf '\\036{nonce} %s\\n' {what}; printf '\\036{nonce} %s\\n' {what} >&2";

    private static void AppendStep(StringBuilder text, Step step, int index, string nonce)
    {
        if (step.Input is not null && step.CaptureAs is not null)
        {
            throw new InvalidOperationException($"The step '{step.Name}' cannot both read input and capture output.");
        }

        var guard = step.Run switch
        {
            StepRun.Normally => "[ $f = 0 ]",
            StepRun.AfterFailure => "[ $f != 0 ]",
            _ => ":",
        };
        text.Append("if ").Append(guard);
        if (step.When is not null) text.Append(" && ( ").Append(Eval(step.When)).Append(" ) </dev/null >/dev/null 2>&1");
        text.Append("; then __k B").Append(index).Append('\n');
        if (step.Input is not null)
        {
            text.Append("base64 -d <<'").Append(nonce).Append("' | ( ").Append(Eval(step.Command)).Append(" )\n");
            AppendBase64(text, step.Input.Content.Span);
            text.Append(nonce).Append('\n');
            text.Append("r=$?\n");
        }
        else if (step.CaptureAs is not null)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{step.CaptureAs}=$( ( {Eval(step.Command)} ) </dev/null ); r=$?; printf '%s\\n' \"${step.CaptureAs}\"\n");
        }
        else
        {
            text.Append("( ").Append(Eval(step.Command)).Append(" ) </dev/null; r=$?\n");
        }

        text.Append("__k \"E").Append(index).Append(" $r\"");
        if (!step.IgnoreFailure) text.Append("; [ $r = 0 ] || f=1");
        text.Append('\n');
        text.Append("else __k S").Append(index).Append("; fi\n");
    }

    private static string Eval(ShellCommand command) => "eval " + ShellWord.Quoted(command).Text;

    private static void AppendBase64(StringBuilder text, ReadOnlySpan<byte> content)
    {
        // Lines of 76 characters: some shells limit the length of a line in a here-document.
        const int bytesPerLine = 57;
        for (var at = 0; at < content.Length; at += bytesPerLine)
        {
            text.Append(Convert.ToBase64String(content.Slice(at, Math.Min(bytesPerLine, content.Length - at)))).Append('\n');
        }
    }
}
