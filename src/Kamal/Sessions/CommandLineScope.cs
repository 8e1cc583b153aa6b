namespace Kamal.Sessions;

/// <summary>While it is open, cmdlets of this runspace know that Kamal's own command line calls them.</summary>
internal sealed class CommandLineScope : IDisposable
{
    private readonly KamalSession _session;
    private readonly CommandLineState? _before;

    /// <summary>Opens the scope.</summary>
    public CommandLineScope(KamalSession session, CommandLineState state)
    {
        _session = session;
        _before = session.CommandLine;
        session.CommandLine = state;
    }

    /// <summary>Ends the scope.</summary>
    public void Dispose() => _session.CommandLine = _before;
}
