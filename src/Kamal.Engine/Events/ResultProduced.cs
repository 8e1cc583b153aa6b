namespace Kamal.Engine.Events;

/// <summary>An object for the pipeline.</summary>
/// <param name="Result">One of the records of <c>Kamal.Engine.Results</c>.</param>
public sealed record ResultProduced(object Result) : RunEvent;
