using Kamal.Ssh.Wire;
using Microsoft.Extensions.Logging;

namespace Kamal.Ssh.Connecting;

/// <summary>Passes on SSH.NET's log of one connection: algorithms, the reason of a disconnect.</summary>
internal sealed class TraceLog(string hostName, ISshInteraction interaction) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
        // There is no other provider.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var text = formatter(state, exception);
        // The session's number is redundant: the host's name is shown.
        if (text.StartsWith('[') && text.IndexOf("] ", StringComparison.Ordinal) is > 0 and var end) text = text[(end + 2)..];
        interaction.Trace(hostName, ServerText.Clean(exception is null ? text : $"{text}: {exception.Message}"));
    }

    public void Dispose()
    {
        // There is nothing to dispose of.
    }
}
