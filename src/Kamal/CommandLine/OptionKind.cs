namespace Kamal.CommandLine;

/// <summary>What an option of Kamal's command line takes.</summary>
internal enum OptionKind
{
    /// <summary>Nothing, or <c>true</c> or <c>false</c>; <c>--no-NAME</c> is its opposite.</summary>
    Flag,

    /// <summary>One word.</summary>
    Text,

    /// <summary>One number.</summary>
    Number,

    /// <summary>One word; given again it adds to those before.</summary>
    Repeatable,

    /// <summary>One word that is a list separated by commas.</summary>
    CommaList,

    /// <summary>All words up to the next option.</summary>
    Words,

    /// <summary>All words <c>KEY:VALUE</c> up to the next option or another word.</summary>
    Pairs,
}
