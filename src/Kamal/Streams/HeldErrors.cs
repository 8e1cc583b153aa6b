using Kamal.Cmdlets;
using Kamal.Engine;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>
/// Errors of hosts that would end the pipeline at once, as with <c>-ErrorAction Stop</c>. They are kept until the run has ended by itself,
/// so that no host is left half done, and are then one error.
/// </summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class HeldErrors(RunCmdlet cmdlet)
{
    private readonly List<KamalException> _errors = [];

    /// <summary>Writes a host's error, or keeps it.</summary>
    public void Write(KamalException error)
    {
        if (cmdlet.EndsOnError()) _errors.Add(error);
        else cmdlet.WriteError(KamalErrors.ToRecord(error, cmdlet.Guard));
    }

    /// <summary>The error that ended the run, with those of the hosts.</summary>
    public KamalException Join(KamalException failure)
    {
        var missing = _errors.Where(error => !failure.Message.Contains(error.Message, StringComparison.Ordinal)).ToList();
        if (_errors.Count == 0) return failure;
        return failure.With(string.Join('\n', missing.Select(error => error.Message).Prepend(failure.Message)), _errors);
    }

    /// <summary>Writes those that are kept, after a run that has not failed itself. The first one ends the pipeline.</summary>
    public void Flush()
    {
        foreach (var error in _errors) cmdlet.WriteError(KamalErrors.ToRecord(error, cmdlet.Guard));
    }

    /// <summary>Those that are kept, as events, for a pipeline that has ended early.</summary>
    public IEnumerable<RunEvent> Events => _errors.Select(error => new HostFailed(error) { HostName = error.HostName });
}
