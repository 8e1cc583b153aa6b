namespace Kamal.Engine.Hosts;

/// <summary>A script was stopped because the run was; says how far it had come.</summary>
/// <param name="result">What is known of its steps.</param>
/// <param name="cancellationToken">What stopped it.</param>
internal sealed class ScriptStoppedException(ScriptResult result, CancellationToken cancellationToken)
    : OperationCanceledException($"{result.HostName}: '{result.Script.Phase}' was stopped.", cancellationToken)
{
    public ScriptResult Result => result;
}
