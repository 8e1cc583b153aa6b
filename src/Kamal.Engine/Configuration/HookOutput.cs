namespace Kamal.Engine.Configuration;

/// <summary>Whether a hook's output is shown.</summary>
public enum HookOutput
{
    /// <summary>As the operation's own verbosity says.</summary>
    Default,

    /// <summary>Hidden, unless the hook fails.</summary>
    Quiet,

    /// <summary>Shown.</summary>
    Verbose,
}
