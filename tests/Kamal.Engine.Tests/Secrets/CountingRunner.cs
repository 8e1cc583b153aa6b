using Kamal.Engine.Local;

namespace Kamal.Engine.Tests.Secrets;

/// <summary>Runs commands for real and counts them.</summary>
internal sealed class CountingRunner : ILocalRunner
{
    private readonly LocalRunner _inner = new();

    public List<LocalCommand> Commands { get; } = [];

    public Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
    {
        Commands.Add(command);
        return _inner.RunAsync(command, lines, cancellationToken);
    }
}
