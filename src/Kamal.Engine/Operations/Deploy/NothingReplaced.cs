using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Says on which hosts nothing was replaced, if a deploy ended before its first boot.</summary>
internal static class NothingReplaced
{
    /// <summary>The error, with a sentence that names the hosts; the same error if containers may have been replaced.</summary>
    /// <param name="run">The run.</param>
    /// <param name="app">The context.</param>
    /// <param name="failed">What the run ended with.</param>
    public static KamalException Tell(Run run, KamalContext app, KamalException failed)
    {
        if (run.IsPreview || run.MayHaveReplaced || app.Selection.AppHosts.IsEmpty) return failed;
        var said = $"Nothing was replaced on {HostErrors.Names(app.Selection.AppHosts)}.";
        var lines = failed.Message.TrimEnd().Split('\n', 2);
        // What follows a hook's first line is its output.
        var message = lines.Length == 1 ? $"{Sentence(lines[0])} {said}"
            : failed.Id == KamalErrorId.HookFailed ? $"{Sentence(lines[0])} {said}\n{lines[1]}"
            : $"{failed.Message.TrimEnd()}\n{said}";
        return failed.With(message);
    }

    private static string Sentence(string text) => text.Length > 0 && text[^1] is '.' or '!' or '?' or '…' ? text : text + ".";
}
