namespace Kamal.Engine.Ssh;

/// <summary>How the value of an ssh_config keyword is read and kept.</summary>
internal enum SshConfigKind
{
    /// <summary>One word; the first line wins.</summary>
    Word,

    /// <summary>Yes or no; kept as <c>yes</c> or <c>no</c>.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A time span as <c>90</c>, <c>1m30s</c> or <c>none</c>; kept in seconds.</summary>
    Time,

    /// <summary>All words of the first line.</summary>
    Words,

    /// <summary>One word a line; lines add up, without repetition.</summary>
    Collected,

    /// <summary>Words which add up over lines; <c>-NAME</c> takes back.</summary>
    Names,

    /// <summary>The rest of the line as it stands.</summary>
    Raw,

    /// <summary>Jump hosts: the rest of the line up to a comment; excludes ProxyCommand.</summary>
    Jumps,
}
