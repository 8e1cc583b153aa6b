namespace Kamal.Cmdlets;

/// <summary>A cmdlet that looks at hosts and changes nothing. It takes no lock.</summary>
public abstract class KamalReadCmdlet : KamalConfigCmdlet
{
    /// <summary>Looks.</summary>
    internal abstract void Execute();

    /// <inheritdoc/>
    protected override void ProcessRecord() => Execute();
}
