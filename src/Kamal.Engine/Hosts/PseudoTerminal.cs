namespace Kamal.Engine.Hosts;

/// <summary>A terminal that a command gets on a host.</summary>
/// <param name="Type">Its kind, as in the variable <c>TERM</c>.</param>
/// <param name="Columns">How many characters a line has.</param>
/// <param name="Rows">How many lines it has.</param>
public sealed record PseudoTerminal(string Type, int Columns, int Rows);
