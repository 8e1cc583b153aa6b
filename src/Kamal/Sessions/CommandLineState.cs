namespace Kamal.Sessions;

/// <summary>How Kamal's own command line was called, for cmdlets that it calls in turn.</summary>
/// <param name="Command">The first word of the command, which hooks see.</param>
/// <param name="IsQuiet">Whether <c>-q</c> was given.</param>
/// <param name="AsProgram">Whether raw output goes to standard output as bytes.</param>
/// <param name="Text">The text that stands for a result there, or null for PowerShell's own view of it.</param>
internal sealed record CommandLineState(string Command, bool IsQuiet, bool AsProgram = false, Func<object, object?>? Text = null);
