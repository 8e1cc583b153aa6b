using System.Collections.Frozen;

namespace Kamal.Engine.Ssh;

/// <summary>The keywords of ssh_config that decide how we connect, and those that OpenSSH knows and we have no use for.</summary>
internal static class SshConfigKeywords
{
    private static readonly FrozenDictionary<string, SshConfigKind> Kinds = new Dictionary<string, SshConfigKind>
    {
        ["addressfamily"] = SshConfigKind.Word, ["batchmode"] = SshConfigKind.Flag, ["bindaddress"] = SshConfigKind.Word,
        ["canonicaldomains"] = SshConfigKind.Words, ["canonicalizefallbacklocal"] = SshConfigKind.Flag, ["canonicalizehostname"] = SshConfigKind.Word,
        ["canonicalizemaxdots"] = SshConfigKind.Number, ["certificatefile"] = SshConfigKind.Collected, ["ciphers"] = SshConfigKind.Word,
        ["connectionattempts"] = SshConfigKind.Number, ["connecttimeout"] = SshConfigKind.Time, ["forwardagent"] = SshConfigKind.Word,
        ["globalknownhostsfile"] = SshConfigKind.Words, ["hashknownhosts"] = SshConfigKind.Flag, ["hostkeyalgorithms"] = SshConfigKind.Word,
        ["hostkeyalias"] = SshConfigKind.Word, ["hostname"] = SshConfigKind.Word, ["identitiesonly"] = SshConfigKind.Flag,
        ["identityagent"] = SshConfigKind.Word, ["identityfile"] = SshConfigKind.Collected, ["ignoreunknown"] = SshConfigKind.Word,
        ["kbdinteractiveauthentication"] = SshConfigKind.Flag, ["kexalgorithms"] = SshConfigKind.Word, ["macs"] = SshConfigKind.Word,
        ["numberofpasswordprompts"] = SshConfigKind.Number, ["passwordauthentication"] = SshConfigKind.Flag, ["port"] = SshConfigKind.Number,
        ["preferredauthentications"] = SshConfigKind.Word, ["proxycommand"] = SshConfigKind.Raw, ["proxyjump"] = SshConfigKind.Jumps,
        ["pubkeyacceptedalgorithms"] = SshConfigKind.Word, ["pubkeyauthentication"] = SshConfigKind.Word, ["revokedhostkeys"] = SshConfigKind.Word,
        ["sendenv"] = SshConfigKind.Names, ["serveralivecountmax"] = SshConfigKind.Number, ["serveraliveinterval"] = SshConfigKind.Time,
        ["setenv"] = SshConfigKind.Words, ["stricthostkeychecking"] = SshConfigKind.Word, ["tcpkeepalive"] = SshConfigKind.Flag,
        ["user"] = SshConfigKind.Word, ["userknownhostsfile"] = SshConfigKind.Words,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> OtherNames = new Dictionary<string, string>
    {
        ["pubkeyacceptedkeytypes"] = "pubkeyacceptedalgorithms", ["challengeresponseauthentication"] = "kbdinteractiveauthentication",
        ["skeyauthentication"] = "kbdinteractiveauthentication", ["tisauthentication"] = "kbdinteractiveauthentication",
        ["dsaauthentication"] = "pubkeyauthentication", ["identityfile2"] = "identityfile", ["keepalive"] = "tcpkeepalive",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Unused = FrozenSet.Create(
        "addkeystoagent", "bindinterface", "canonicalizepermittedcnames", "casignaturealgorithms", "checkhostip", "cipher", "clearallforwardings",
        "compression", "compressionlevel", "controlmaster", "controlpath", "controlpersist", "dynamicforward", "enableescapecommandline",
        "enablesshkeysign", "escapechar", "exitonforwardfailure", "fingerprinthash", "forkafterauthentication", "forwardx11", "forwardx11timeout",
        "forwardx11trusted", "gatewayports", "globalknownhostsfile2", "gssapiauthentication", "gssapiclientidentity", "gssapidelegatecredentials",
        "gssapikexalgorithms", "gssapikeyexchange", "gssapirenewalforcesrekey", "gssapiserveridentity", "gssapitrustdns", "hostbasedacceptedalgorithms",
        "hostbasedauthentication", "hostbasedkeytypes", "ipqos", "kbdinteractivedevices", "knownhostscommand", "localcommand", "localforward",
        "loglevel", "logverbose", "nohostauthenticationforlocalhost", "obscurekeystroketiming", "permitlocalcommand", "permitremoteopen",
        "pkcs11provider", "protocol", "proxyusefdpass", "rekeylimit", "remotecommand", "remoteforward", "requesttty", "requiredrsasize",
        "rhostsrsaauthentication", "rsaauthentication", "securitykeyprovider", "sessiontype", "smartcarddevice", "stdinnull", "streamlocalbindmask",
        "streamlocalbindunlink", "syslogfacility", "tag", "tunnel", "tunneldevice", "updatehostkeys", "useprivilegedport", "userknownhostsfile2",
        "useroaming", "usersh", "verifyhostkeydns", "versionaddendum", "visualhostkey", "xauthlocation", "channeltimeout", "addkeystoagent");

    /// <summary>The name a keyword is kept under: old names become today's.</summary>
    /// <param name="keyword">The keyword in lower case.</param>
    public static string Name(string keyword) => OtherNames.GetValueOrDefault(keyword, keyword);

    /// <summary>How a keyword is read, or null if it has no effect here.</summary>
    /// <param name="name">Its name.</param>
    public static SshConfigKind? Kind(string name) => Kinds.TryGetValue(name, out var kind) ? kind : null;

    /// <summary>Whether OpenSSH knows a keyword that has no effect here.</summary>
    /// <param name="name">Its name.</param>
    public static bool IsKnownButUnused(string name) => Unused.Contains(name);
}
