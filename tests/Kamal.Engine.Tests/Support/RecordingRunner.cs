using Kamal.Engine.Local;

namespace Kamal.Engine.Tests.Support;

/// <summary>A machine without programs: keeps every command; git answers as in a clean repository at one commit.</summary>
internal sealed class RecordingRunner : ILocalRunner
{
    public const string Revision = "0123456789abcdef0123456789abcdef01234567";
    private readonly List<LocalCommand> _commands = [];

    /// <summary>The commands in order, but git's.</summary>
    public IReadOnlyList<LocalCommand> Commands => _commands;

    public int ExitCode { get; set; }

    /// <summary>What a test answers to a command; the plain answer where it says null.</summary>
    public Func<LocalCommand, LocalResult?> Answer { get; set; } = _ => null;

    /// <summary>What git calls not committed.</summary>
    public string Uncommitted { get; set; } = "";

    /// <summary>The commands as people see them.</summary>
    public IEnumerable<string> Displays => _commands.Select(command => command.Display);

    public Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
    {
        if (command.FileName == "git" && command.Arguments[0].Reveal() != "-C") return Task.FromResult(new LocalResult(command, 0, Git(command)));
        _commands.Add(command);
        return Task.FromResult(Answer(command) ?? new LocalResult(command, ExitCode));
    }

    private string Git(LocalCommand command) => string.Join(' ', command.Arguments.Skip(4).Select(argument => argument.Reveal())) switch
    {
        "rev-parse --show-toplevel --show-prefix HEAD" => $"/project\n\n{Revision}\n",
        "status --porcelain" => Uncommitted,
        var config when config.StartsWith("config", StringComparison.Ordinal) => "user.name\nAda\0user.email\nada@example.com\0",
        _ => "",
    };
}
