using System.Collections.Frozen;

namespace Kamal.Ssh.Config;

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

/// <summary>The keywords of ssh_config: those that take effect here, and those that do not.</summary>
internal static class SshConfigKeywords
{
    private static readonly FrozenDictionary<string, SshConfigKind> Kinds = new Dictionary<string, SshConfigKind>
    {
        ["addressfamily"] = SshConfigKind.Word, ["batchmode"] = SshConfigKind.Flag, ["bindaddress"] = SshConfigKind.Word,
        ["canonicaldomains"] = SshConfigKind.Words, ["canonicalizefallbacklocal"] = SshConfigKind.Flag,
        ["canonicalizehostname"] = SshConfigKind.Word,
        ["canonicalizemaxdots"] = SshConfigKind.Number, ["certificatefile"] = SshConfigKind.Collected, ["ciphers"] = SshConfigKind.Word,
        ["connectionattempts"] = SshConfigKind.Number, ["connecttimeout"] = SshConfigKind.Time, ["forwardagent"] = SshConfigKind.Word,
        ["globalknownhostsfile"] = SshConfigKind.Words, ["hashknownhosts"] = SshConfigKind.Flag, ["hostkeyalgorithms"] = SshConfigKind.Word,
        ["hostkeyalias"] = SshConfigKind.Word, ["hostname"] = SshConfigKind.Word, ["identitiesonly"] = SshConfigKind.Flag,
        ["identityagent"] = SshConfigKind.Word, ["identityfile"] = SshConfigKind.Collected, ["ignoreunknown"] = SshConfigKind.Word,
        ["kbdinteractiveauthentication"] = SshConfigKind.Flag, ["kexalgorithms"] = SshConfigKind.Word, ["macs"] = SshConfigKind.Word,
        ["numberofpasswordprompts"] = SshConfigKind.Number, ["passwordauthentication"] = SshConfigKind.Flag,
        ["port"] = SshConfigKind.Number,
        ["preferredauthentications"] = SshConfigKind.Word, ["proxycommand"] = SshConfigKind.Raw, ["proxyjump"] = SshConfigKind.Jumps,
        ["pubkeyacceptedalgorithms"] = SshConfigKind.Word, ["pubkeyauthentication"] = SshConfigKind.Word,
        ["revokedhostkeys"] = SshConfigKind.Word,
        ["sendenv"] = SshConfigKind.Names, ["serveralivecountmax"] = SshConfigKind.Number, ["serveraliveinterval"] = SshConfigKind.Time,
        ["setenv"] = SshConfigKind.Words, ["stricthostkeychecking"] = SshConfigKind.Word, ["tcpkeepalive"] = SshConfigKind.Flag,
        ["user"] = SshConfigKind.Word, ["userknownhostsfile"] = SshConfigKind.Words, ["bindinterface"] = SshConfigKind.Word,
        ["canonicalizepermittedcnames"] = SshConfigKind.Words, ["compression"] = SshConfigKind.Flag, ["tag"] = SshConfigKind.Word,
        ["refuseconnection"] = SshConfigKind.Raw,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> OtherNames = new Dictionary<string, string>
    {
        ["pubkeyacceptedkeytypes"] = "pubkeyacceptedalgorithms", ["challengeresponseauthentication"] = "kbdinteractiveauthentication",
        ["skeyauthentication"] = "kbdinteractiveauthentication", ["tisauthentication"] = "kbdinteractiveauthentication",
        ["dsaauthentication"] = "pubkeyauthentication", ["identityfile2"] = "identityfile", ["keepalive"] = "tcpkeepalive",
    }.ToFrozenDictionary();

    /// <summary>Keywords that do not concern running commands on servers.</summary>
    private static readonly FrozenSet<string> Unused = FrozenSet.Create(
        "cipher", "clearallforwardings", "compressionlevel", "controlmaster", "controlpath", "controlpersist", "dynamicforward",
        "enableescapecommandline", "enablesshkeysign", "escapechar", "exitonforwardfailure", "fingerprinthash",
        "forkafterauthentication", "forwardx11", "forwardx11timeout", "forwardx11trusted", "gatewayports",
        "globalknownhostsfile2", "gssapiclientidentity", "gssapidelegatecredentials", "gssapikexalgorithms",
        "gssapirenewalforcesrekey", "gssapiserveridentity", "gssapitrustdns", "hostbasedacceptedalgorithms", "hostbasedkeytypes",
        "ipqos", "kbdinteractivedevices", "localcommand", "localforward", "loglevel", "logverbose", "obscurekeystroketiming",
        "permitremoteopen", "protocol", "remotecommand", "remoteforward", "requesttty", "rhostsrsaauthentication",
        "rsaauthentication", "sessiontype", "stdinnull", "streamlocalbindmask", "streamlocalbindunlink", "syslogfacility",
        "tunnel", "tunneldevice", "useprivilegedport", "userknownhostsfile2", "useroaming", "usersh", "versionaddendum",
        "visualhostkey", "warnweakcrypto", "xauthlocation", "channeltimeout",
        // Of macOS: its Keychain is asked by its own ssh-add only.
        "usekeychain");

    /// <summary>Keywords that concern a connection and are not supported, with the values that request nothing.</summary>
    private static readonly FrozenDictionary<string, string[]> Missing = new Dictionary<string, string[]>
    {
        ["addkeystoagent"] = ["no"], ["casignaturealgorithms"] = [], ["checkhostip"] = ["no"], ["gssapiauthentication"] = ["no"],
        ["gssapikeyexchange"] = ["no"],
        ["hostbasedauthentication"] = ["no"], ["knownhostscommand"] = ["none"], ["permitlocalcommand"] = ["no"],
        ["nohostauthenticationforlocalhost"] = ["no"],
        ["pkcs11provider"] = ["none"], ["proxyusefdpass"] = ["no"], ["rekeylimit"] = ["default", "none"], ["requiredrsasize"] = [],
        ["securitykeyprovider"] = ["internal"],
        ["smartcarddevice"] = ["none"], ["updatehostkeys"] = ["no"], ["verifyhostkeydns"] = ["no"],
    }.ToFrozenDictionary();

    /// <summary>The current name of a keyword.</summary>
    public static string Name(string keyword) => OtherNames.GetValueOrDefault(keyword, keyword);

    /// <summary>How a keyword is read, or null if it has no effect.</summary>
    public static SshConfigKind? Kind(string name) => Kinds.TryGetValue(name, out var kind) ? kind : null;

    /// <summary>Whether OpenSSH knows a keyword that has no effect here.</summary>
    public static bool IsKnownButUnused(string name) => Unused.Contains(name) || Missing.ContainsKey(name);

    /// <summary>Whether a line requests something that is not supported.</summary>
    /// <param name="value">Its first argument.</param>
    public static bool IsMissed(string name, string value) =>
        Missing.TryGetValue(name, out var harmless) && !harmless.Contains(
            value.Equals("false", StringComparison.OrdinalIgnoreCase) ? "no" : value, StringComparer.OrdinalIgnoreCase);
}
