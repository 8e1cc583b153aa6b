namespace Kamal.Engine.Hosts;

/// <summary>Where the output of an interactive command goes.</summary>
public enum InteractiveOutput
{
    /// <summary>To the console, byte for byte.</summary>
    Console,

    /// <summary>To whoever runs the command, as it comes: <see cref="Events.RawOutputReceived"/>.</summary>
    Events,

    /// <summary>Into the command's result.</summary>
    Result,
}
