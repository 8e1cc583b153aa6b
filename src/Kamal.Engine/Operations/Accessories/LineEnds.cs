using System.Text;

namespace Kamal.Engine.Operations;

/// <summary>The line ends of files that are sent to hosts: Git for Windows checks text files out with CRLF by default.</summary>
internal static class LineEnds
{
    /// <summary>Where git looks for zeros to tell text from other files.</summary>
    private const int TextProbe = 8000;

    /// <summary>A template with the line ends that it has in git; on Windows with LF, as Ruby reads it there.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Its full path.</param>
    /// <param name="text">Its text.</param>
    public static async Task<string> OfTemplateAsync(Run run, string path, string text)
    {
        if (!text.Contains("\r\n", StringComparison.Ordinal)) return text;
        var isLf = OperatingSystem.IsWindows() || await run.Context.Git.HasLfAsync(path, run.Cancellation).ConfigureAwait(false);
        return isLf ? text.Replace("\r\n", "\n", StringComparison.Ordinal) : text;
    }

    /// <summary>
    /// What is wrong with the CRLF line endings of a file, as the end of a sentence that states them; null if nothing is known to be.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Its full path.</param>
    /// <param name="content">Its content.</param>
    public static async Task<string?> FindTroubleAsync(Run run, string path, ReadOnlyMemory<byte> content)
    {
        if (content.Span.IndexOf("\r\n"u8) < 0 || content.Span[..Math.Min(TextProbe, content.Length)].Contains((byte)0)) return null;
        var isScript = content.Span.StartsWith("#!"u8) && content.Span[..content.Span.IndexOf((byte)'\n')].EndsWith("\r"u8);
        var isLf = await run.Context.Git.HasLfAsync(path, run.Cancellation).ConfigureAwait(false);
        if (!isScript && !isLf) return null;
        var trouble = new StringBuilder(isScript ? ", so Linux will not find the interpreter after its #!" : "");
        if (isLf) trouble.Append(isScript ? ". It is" : ", but is").Append(" committed with LF");
        return trouble.Append(isLf
            ? ": set `text eol=lf` for it in .gitattributes and check it out again."
            : ": save it with LF.").ToString();
    }
}
