using System.Text;

namespace Kamal.Engine.Local;

/// <summary>Reads an output stream of a process: the whole text, and each line as it arrives.</summary>
internal sealed class OutputCollector(TextReader reader, LocalStream stream, IProgress<LocalOutputLine>? lines, int limit)
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
            lock (_lock)
            {
                if (_text.Length + count > limit) return false;
                _text.Append(buffer, 0, count);
            }

            if (lines is not null) Report(buffer.AsSpan(0, count));
        }

        if (lines is not null && _line.Length > 0) Emit();
        return true;
    }

    private void Report(ReadOnlySpan<char> chunk)
    {
        while (chunk.IndexOf('\n') is >= 0 and var end)
        {
            _line.Append(chunk[..end]);
            Emit();
            chunk = chunk[(end + 1)..];
        }

        _line.Append(chunk);
    }

    private void Emit()
    {
        if (_line.Length > 0 && _line[^1] == '\r') _line.Length--;
        lines!.Report(new(stream, _line.ToString()));
        _line.Clear();
    }
}
