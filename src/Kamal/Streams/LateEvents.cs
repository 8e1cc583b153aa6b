using Kamal.Engine;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>Shows what the streams no longer accept: warnings and errors go directly to the host's user interface.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class LateEvents(RunCmdlet cmdlet)
{
    /// <summary>Shows an event.</summary>
    public void Show(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case PipelineWork work:
                work.Decline();
                break;
            case MessageEmitted { Severity: MessageSeverity.Warning } warning:
                Warn(EventWriter.WithHost(warning, warning.Text));
                break;
            case HostFailed failed:
                Warn(failed.Error.Message);
                break;
        }
    }

    /// <summary>Shows how a cancelled run ended.</summary>
    public void ShowEnd(Task task)
    {
        if (!task.IsCompleted) Warn("The clean-up did not finish in time. The deploy lock may still be held.");
        else if (task.Exception?.InnerException is KamalException error) Warn(cmdlet.Guard.Error(error).Message);
    }

    private void Warn(string text)
    {
        try
        {
            cmdlet.Host?.UI?.WriteWarningLine(text);
        }
        catch (Exception error) when (OutputLoss.IsLoss(error))
        {
            // The terminal is gone.
            return;
        }
    }
}
