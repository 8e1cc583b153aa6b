namespace Kamal.Common;

/// <summary>Which names OpenSSH takes on its command line: <c>valid_hostname</c> and <c>valid_ruser</c> in its ssh.c.</summary>
internal static class OpenSshNames
{
    /// <summary>
    /// What no host name may have: what a shell reads in it (OpenSSH's list), and what known_hosts reads as a pattern or a list.
    /// </summary>
    public const string HostCharacter = @"[^\s\x00-\x1f\x7f'""`$\\;&<>|(){}*?!#,@\[\]]";

    /// <summary>The first character of a host name: no option.</summary>
    public const string HostStart = @"[^\s\x00-\x1f\x7f'""`$\\;&<>|(){}*?!#,@\[\]-]";

    /// <summary>OpenSSH's list for user names, without blanks, which no configured host has.</summary>
    public const string UserCharacter = @"[^\s\x00-\x1f\x7f'""`;&<>|(){},]";

    /// <summary>The first character of a user name: no option.</summary>
    public const string UserStart = @"[^\s\x00-\x1f\x7f'""`;&<>|(){},-]";

    /// <summary>A host's name or address alone.</summary>
    public const string HostName = HostStart + HostCharacter + "*";

    /// <summary>An account. A backslash separates a domain from it, so none is at the end.</summary>
    public const string User = UserStart + UserCharacter + @"*(?<!\\)";
}
