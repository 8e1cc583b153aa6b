namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that only read from hosts. They take no lock.</summary>
public abstract class KamalReadCmdlet : KamalConfigCmdlet
{
    /// <summary>Runs the operation.</summary>
    internal abstract void Execute();

    /// <inheritdoc/>
    protected override void ProcessRecord() => Execute();
}
