namespace Kamal.Engine.Local;

/// <summary>How much of the operator's terminal a process on this machine gets.</summary>
public enum LocalTerminal
{
    /// <summary>Nothing: its output is captured and its input is what the command says, else empty.</summary>
    None,

    /// <summary>It may ask: input and error output are the terminal's, the output is captured. Without a terminal the same as <see cref="None"/>.</summary>
    Prompt,

    /// <summary>Everything: it is a program for the operator, such as <c>ssh -t</c>; nothing is captured.</summary>
    Full,
}
