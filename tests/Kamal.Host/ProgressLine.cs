using System.Management.Automation;

namespace Kamal.Host;

/// <summary>One line on a terminal's standard error that shows how far a run is; nothing where standard error is no terminal.</summary>
internal sealed class ProgressLine
{
    private readonly bool _enabled = !Console.IsErrorRedirected;
    private int _shown;

    public void Show(ProgressRecord record)
    {
        // Children are shown by their parent's status; one line has no room for a tree.
        if (!_enabled || record.ParentActivityId >= 0) return;
        Clear();
        if (record.RecordType == ProgressRecordType.Completed) return;
        var width = Math.Max(20, Console.WindowWidth - 1);
        var text = $"{record.Activity}: {record.StatusDescription}";
        if (text.Length > width) text = text[..width];
        Console.Error.Write(text);
        _shown = text.Length;
    }

    public void Clear()
    {
        if (_shown == 0) return;
        Console.Error.Write('\r' + new string(' ', _shown) + '\r');
        _shown = 0;
    }
}
