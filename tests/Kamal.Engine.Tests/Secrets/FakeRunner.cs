using Kamal.Engine.Local;

namespace Kamal.Engine.Tests.Secrets;

/// <summary>Answers for programs that are not installed here, and remembers how they were called.</summary>
internal sealed class FakeRunner(Func<LocalCommand, (int ExitCode, string Output, string Error)> answer) : ILocalRunner
{
    public List<LocalCommand> Commands { get; } = [];

    public IEnumerable<string> Calls => Commands.Select(command => command.FileName + string.Concat(command.Arguments.Select(argument => " " + argument.Reveal())));

    public Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Commands.Add(command);
        var (exitCode, output, error) = answer(command);
        return Task.FromResult(new LocalResult(command, exitCode, output, error));
    }
}
