namespace Kamal.Engine.Templates;

/// <summary>Backslashes in Ruby's texts.</summary>
internal static class RubyEscapes
{
    /// <summary>What the escape means whose backslash stands before <paramref name="at"/>.</summary>
    public static string Read(string code, ref int at, bool interpolates, char close)
    {
        var c = code[at++];
        if (!interpolates) return c == close || c == '\\' ? c.ToString() : "\\" + c;
        return c switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            's' => " ",
            'e' => "\e",
            '0' => "\0",
            '\n' => "",
            _ => c.ToString(),
        };
    }
}
