using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Kamal.Streams;

/// <summary>Shows results on the terminal in place: each round overwrites the table of the one before.</summary>
/// <param name="cmdlet">The cmdlet whose results they are.</param>
internal sealed class RoundView(PSCmdlet cmdlet)
{
    private readonly List<object> _results = [];
    private int _lines;

    /// <summary>Whether a person sees the cmdlet's output on a terminal, and nothing else gets it.</summary>
    public static bool CanShow(PSCmdlet cmdlet)
    {
        var call = cmdlet.MyInvocation;
        return !Console.IsOutputRedirected && cmdlet.Host.UI.SupportsVirtualTerminal && call.PipelinePosition == call.PipelineLength
            && !IsRedirected(call.Line, call.OffsetInLine);
    }

    /// <summary>Whether a line assigns or redirects the output of the command that begins in a column, counted from 1.</summary>
    public static bool IsRedirected(string line, int column)
    {
        var command = Parser.ParseInput(line, out _, out _).Find(
            ast => ast is CommandAst && ast.Extent.StartOffset == column - 1, searchNestedScriptBlocks: true);
        if (command is CommandAst { Redirections.Count: > 0 }) return true;
        for (var parent = command?.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is AssignmentStatementAst or ParenExpressionAst or SubExpressionAst or ArrayExpressionAst) return true;
            if (parent is ScriptBlockAst) return false;
        }

        return false;
    }

    /// <summary>Adds a result of this round.</summary>
    public void Add(object result) => _results.Add(result);

    /// <summary>The results of this round so far.</summary>
    public IReadOnlyList<object> Results => _results;

    /// <summary>Shows the round in place of the one before.</summary>
    /// <param name="note">What to say after the time.</param>
    /// <param name="remarks">What to say below the table, cut to one line each.</param>
    public void Show(string note, IEnumerable<string> remarks)
    {
        var window = cmdlet.Host.UI.RawUI.WindowSize;
        using var format = PowerShell.Create(RunspaceMode.CurrentRunspace);
        format.AddCommand("Microsoft.PowerShell.Utility\\Out-String").AddParameter("Width", Math.Max(20, window.Width - 1));
        var table = string.Concat(format.Invoke<string>(_results)).Trim('\r', '\n').Split('\n').Select(line => line.TrimEnd());
        var below = remarks.Select(line => line.Length < window.Width ? line : line[..Math.Max(0, window.Width - 2)] + "…");
        var lines = table.Concat(below).Prepend($"{DateTime.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {note}")
            .Take(Math.Max(2, window.Height - 1)).ToList();
        // Up to where the last round began, then clear what follows.
        var back = _lines == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\e[{_lines}A\r\e[J");
        cmdlet.Host.UI.Write(back + string.Join('\n', lines) + "\n");
        _lines = lines.Count;
        _results.Clear();
    }
}
