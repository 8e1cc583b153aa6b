using System.Text;

namespace Kamal.Engine.Local;

/// <summary>Reads an output stream of a process: the whole text, and each line as it arrives.</summary>
/// <param name="reader">The stream.</param>
/// <param name="stream">Which one it is.</param>
/// <param name="lines">Receives each line; null if they are not needed.</param>
/// <param name="limit">The longest text, in characters.</param>
/// <param name="format">Converts the output to text; null if it is text.</param>
internal sealed class OutputCollector(
    TextReader reader, LocalStream stream, IProgress<LocalOutputLine>? lines, int limit, ILineReader? format = null)
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _line = new();
    private readonly Lock _lock = new();

    /// <summary>The text read so far.</summary>
    public string Text
    {
        get { lock (_lock) return _text.ToString(); }
    }

    /// <summary>Reads to the end.</summary>
    /// <returns>False if the limit was exceeded.</returns>
    public async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var buffer = new char[8192];
        while (true)
        {
            var count = await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0) break;
            if (format is null && !Append(buffer.AsSpan(0, count))) return false;
            if ((lines is not null || format is not null) && !Split(buffer.AsSpan(0, count))) return false;
        }

        return (_line.Length == 0 || Emit()) && (format is null || Report(format.End()));
    }

    private bool Append(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (_text.Length + text.Length > limit) return false;
            _text.Append(text);
            return true;
        }
    }

    private bool Split(ReadOnlySpan<char> chunk)
    {
        while (chunk.IndexOf('\n') is >= 0 and var end)
        {
            _line.Append(chunk[..end]);
            if (!Emit()) return false;
            chunk = chunk[(end + 1)..];
        }

        _line.Append(chunk);
        return _line.Length <= limit;
    }

    private bool Emit()
    {
        if (_line.Length > 0 && _line[^1] == '\r') _line.Length--;
        var line = _line.ToString();
        _line.Clear();
        if (format is not null) return Report(format.Read(line));
        lines?.Report(new(stream, line));
        return true;
    }

    /// <summary>Keeps and reports converted lines.</summary>
    private bool Report(IEnumerable<string> read)
    {
        foreach (var line in read)
        {
            if (!Append(line) || !Append("\n")) return false;
            lines?.Report(new(stream, line));
        }

        return true;
    }
}
