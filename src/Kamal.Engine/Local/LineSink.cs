namespace Kamal.Engine.Local;

/// <summary>Hands on each line on the thread that read it, unlike <see cref="Progress{T}"/>, which may reorder them.</summary>
/// <param name="receive">Gets the lines.</param>
internal sealed class LineSink(Action<LocalOutputLine> receive) : IProgress<LocalOutputLine>
{
    /// <inheritdoc/>
    public void Report(LocalOutputLine value) => receive(value);
}
