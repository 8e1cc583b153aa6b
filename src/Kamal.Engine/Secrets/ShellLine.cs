using System.Globalization;
using System.Text;
using Kamal.Engine.Local;

namespace Kamal.Engine.Secrets;

/// <summary>
/// Hands a command of a secrets file to the platform's shell: <c>sh</c>, on Windows the <c>sh</c> of Git if it is in PATH, else PowerShell.
/// </summary>
/// <remarks>
/// Values travel in environment variables, so that no shell parses them and no process list shows them; a fetch's JSON
/// stays one word. Kamal pastes them into the text.
/// </remarks>
internal sealed class ShellLine
{
    /// <summary>Keeps our variables apart from those that programs read.</summary>
    private const string Prefix = "KAMAL_SECRET_";

    private readonly bool _isPosix;

    /// <summary>Creates a line writer.</summary>
    /// <param name="program">The shell.</param>
    /// <param name="isPosix">Whether it is a POSIX shell; else it is PowerShell.</param>
    public ShellLine(string program, bool isPosix)
    {
        Name = program;
        _isPosix = isPosix;
    }

    /// <summary>The shell's program.</summary>
    public string Name { get; }

    /// <summary>The shell of this platform.</summary>
    /// <param name="environment">Reads environment variables.</param>
    public static ShellLine OfPlatform(Func<string, string?> environment)
    {
        if (!OperatingSystem.IsWindows()) return new("sh", isPosix: true);
        var finder = new ProgramFinder();
        bool Has(string name) => finder.Find(name, Environment.CurrentDirectory, environment("PATH"), environment("PATHEXT")) is not null;
        return Has("sh") ? new("sh", isPosix: true) : new(PowerShellProgram.Find(Environment.ProcessPath, Has), isPosix: false);
    }

    /// <summary>The process that runs a command.</summary>
    /// <param name="template">The command.</param>
    /// <param name="scope">What its variables mean.</param>
    /// <param name="nested">What commands of ours inside it gave.</param>
    public LocalCommand Render(CommandTemplate template, SecretScope scope, IReadOnlyDictionary<InlineCommand, SecretText> nested)
    {
        var command = new LocalCommand
        {
            FileName = Name,
            Effect = StepEffect.ReadOnly,
            Terminal = LocalTerminal.Prompt,
            HasSecretOutput = true,
        };
        var text = new StringBuilder();
        var count = 0;
        foreach (var segment in template.Segments)
        {
            var value = segment.Nested is { } inner ? nested[inner] : segment.Name is { } name ? scope.Find(name) : null;
            if (value is not null)
            {
                var variable = Prefix + (segment.Name ?? (++count).ToString(CultureInfo.InvariantCulture));
                command = command.WithVariable(variable, LocalText.Secret(new(value.Word)));
                text.Append(Reference(variable, segment, value.Word, asOneWord: value.Json is not null || segment.Nested is not null));
            }
            else if (segment.Name is { } other && segment.Context == '\'' && scope.FindVariable(other) is { } known)
            {
                text.Append(Reference(other, segment, known, asOneWord: true));
            }
            else if (!_isPosix && segment.Name is { } plain)
            {
                // HOME and USER are none of Windows' own.
                if (scope.FindVariable(plain) is { } set) command = command.WithVariable(plain, LocalText.Redacted(set));
                text.Append(CultureInfo.InvariantCulture, $"${{env:{plain}}}");
            }
            else
            {
                text.Append(segment.Text);
            }
        }

        return _isPosix ? Posix(command, template, text.ToString()) : PowerShell(command, text.ToString());
    }

    private string Reference(string variable, CommandTemplate.Segment segment, string value, bool asOneWord)
    {
        if (!_isPosix) return segment.Context == '\'' ? PowerShellProgram.InQuotes(value) : $"${{env:{variable}}}";
        var reference = $"${{{variable}{segment.Operator}}}";
        return segment.Context switch
        {
            // Kamal replaces variables in single quotes too, and `op read 'op://$VAULT/item'` relies on it.
            '\'' => $"'\"{reference}\"'",
            '"' => reference,
            _ => asOneWord ? $"\"{reference}\"" : reference,
        };
    }

    private static LocalCommand Posix(LocalCommand command, CommandTemplate template, string text) => command with
    {
        Arguments = ["-c", LocalText.Redacted(text, template.ToString())],
    };

    private static LocalCommand PowerShell(LocalCommand command, string text)
    {
        var run = PowerShellProgram.RunText(command.FileName, "KAMAL_SECRET_COMMAND", LocalText.Redacted(text));
        return command with { Arguments = run.Arguments, Environment = command.Environment.AddRange(run.Environment) };
    }
}
