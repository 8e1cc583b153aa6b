using System.Management.Automation;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>Work that only the pipeline thread may do, such as a prompt or a script. Workers await the answer without blocking.</summary>
/// <param name="Work">The work.</param>
internal sealed record PipelineWork(Func<PSCmdlet, object?> Work) : RunEvent
{
    private readonly TaskCompletionSource<object?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer, or null if the pipeline has ended.</summary>
    public Task<object?> Answer => _answer.Task;

    /// <summary>Does the work. Called on the pipeline thread.</summary>
    public void Perform(PSCmdlet cmdlet)
    {
        try
        {
            _answer.TrySetResult(Work(cmdlet));
        }
        catch (Exception error)
        {
            _answer.TrySetException(error);
            // A stop must stop this pipeline too; other errors belong to the worker.
            if (error is PipelineStoppedException) throw;
        }
    }

    /// <summary>Answers with null.</summary>
    public void Decline() => _answer.TrySetResult(null);
}
