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

    public Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
    {
        if (command.FileName == "git") return Task.FromResult(new LocalResult(command, 0, Git(command.Arguments[0].Reveal())));
        _commands.Add(command);
        return Task.FromResult(new LocalResult(command, ExitCode));
    }

    private static string Git(string subcommand) => subcommand switch
    {
        "rev-parse" => $"/project\n{Revision}\n",
        "config" => "user.name\nAda\0user.email\nada@example.com\0",
        _ => "",
    };
}
