using Kamal.Engine;
using Kamal.Engine.Local;

namespace Kamal.Testing;

/// <summary>
/// Keeps every command, and answers it as a test says or passes it on; git answers as in a clean repository at one commit.
/// </summary>
internal sealed class RecordingRunner : ILocalRunner
{
    public const string Revision = "0123456789abcdef0123456789abcdef01234567";
    private readonly List<LocalCommand> _commands = [];

    /// <summary>Runs the commands, git's too; null to run nothing.</summary>
    public ILocalRunner? Inner { get; init; }

    /// <summary>A program that is not installed.</summary>
    public string? Missing { get; init; }

    /// <summary>The commands in order; without <see cref="Inner"/>, those that ask git about the repository are left out.</summary>
    public IReadOnlyList<LocalCommand> Commands => _commands;

    public int ExitCode { get; set; }

    /// <summary>Answers a command; null for the default: no output, and <see cref="ExitCode"/>.</summary>
    public Func<LocalCommand, LocalResult?> Answer { get; set; } = _ => null;

    /// <summary>What a command prints whose output is read as bytes: <c>docker save</c>.</summary>
    public Func<byte[]> Saved { get; set; } = () => DockerArchive.Layout(DockerArchive.Layer("app"));

    /// <summary>What <c>git status</c> prints.</summary>
    public string Uncommitted { get; set; } = "";

    /// <summary>What <c>git ls-files --eol</c> prints.</summary>
    public string LineEnds { get; set; } = "";

    /// <summary>The commands as they are shown.</summary>
    public IEnumerable<string> Displays => _commands.Select(command => command.Display);

    /// <summary>The commands as they were run, secrets included.</summary>
    public IEnumerable<string> Calls => _commands.Select(Call);

    public static string Call(LocalCommand command) =>
        command.FileName + string.Concat(command.Arguments.Select(argument => " " + argument.Reveal()));

    public async Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (command.FileName == Missing) throw new KamalException(KamalErrorId.LocalToolMissing, $"{command.FileName} is not installed.");
        if (Inner is null && command.FileName == "git" && command.Arguments[0].Reveal() != "-C") return new(command, 0, Git(command));
        _commands.Add(command);
        if (Inner is null && command.OutputReader is { } read) await read(new MemoryStream(Saved()), cancellationToken);
        return Inner is null
            ? Answer(command) ?? new LocalResult(command, ExitCode)
            : await Inner.RunAsync(command, lines, cancellationToken);
    }

    private string Git(LocalCommand command) => string.Join(' ', command.Arguments.Skip(4).Select(argument => argument.Reveal())) switch
    {
        "rev-parse --show-toplevel --show-prefix HEAD" => $"/project\n\n{Revision}\n",
        "status --porcelain" => Uncommitted,
        var files when files.StartsWith("ls-files --eol ", StringComparison.Ordinal) => LineEnds,
        var config when config.StartsWith("config", StringComparison.Ordinal) => "user.name\nAda\0user.email\nada@example.com\0",
        _ => "",
    };
}
