namespace Kamal.Engine.Hosts;

/// <summary>A command that runs on a host, on one channel of a connection.</summary>
public interface IRemoteProcess : IAsyncDisposable
{
    /// <summary>Its standard input; closing it is end of file there.</summary>
    Stream Input { get; }

    /// <summary>Its standard output.</summary>
    Stream Output { get; }

    /// <summary>Its standard error.</summary>
    Stream ErrorOutput { get; }

    /// <summary>Ends when the command has: its exit code, or null when a signal or a broken connection ended it.</summary>
    Task<int?> Completion { get; }

    /// <summary>Tells a command on a terminal that the terminal has another size now.</summary>
    /// <param name="columns">How many characters a line has.</param>
    /// <param name="rows">How many lines there are.</param>
    void Resize(int columns, int rows);
}
