namespace Kamal.Engine.Local;

/// <summary>Which output of a process.</summary>
public enum LocalStream
{
    /// <summary>Its standard output.</summary>
    Output,

    /// <summary>Its standard error.</summary>
    Error,
}
