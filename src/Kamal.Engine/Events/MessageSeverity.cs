namespace Kamal.Engine.Events;

/// <summary>How much a message matters.</summary>
public enum MessageSeverity
{
    /// <summary>For the maintainers: SSH and the like.</summary>
    Debug,

    /// <summary>For somebody who wants to know each step.</summary>
    Verbose,

    /// <summary>For everybody.</summary>
    Information,

    /// <summary>Something is not as it should be, and the run goes on.</summary>
    Warning,
}
