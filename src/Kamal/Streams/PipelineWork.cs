using Kamal.Engine.Events;
using Kamal.Cmdlets;

namespace Kamal.Streams;

/// <summary>Something that only the pipeline thread may do: ask the operator, run a script. Workers await the answer; none blocks.</summary>
/// <param name="Work">What to do there.</param>
internal sealed record PipelineWork(Func<KamalCmdlet, object?> Work) : RunEvent
{
    private readonly TaskCompletionSource<object?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer, once the pipeline thread got to it; null when nobody can answer any more.</summary>
    public Task<object?> Answer => _answer.Task;

    /// <summary>Does the work; called on the pipeline thread.</summary>
    public void Perform(KamalCmdlet cmdlet)
    {
        try
        {
            _answer.TrySetResult(Work(cmdlet));
        }
        catch (Exception error)
        {
            _answer.TrySetException(error);
            // What stops the pipeline must stop it here too; other errors belong to the worker that asked.
            if (error is System.Management.Automation.PipelineStoppedException) throw;
        }
    }

    /// <summary>Answers that nobody can answer.</summary>
    public void Decline() => _answer.TrySetResult(null);
}
