using System.Text;

namespace Kamal.Engine.Tests.Ssh;

/// <summary>Files of ssh_config to read: made by hand, each about one rule, and by chance, about their mixture.</summary>
internal static class SshConfigCorpus
{
    public static Dictionary<string, string> ByHand { get; } = new()
    {
        ["empty"] = "",
        ["comment"] = "# nothing\n   # at all\n\n",
        ["first value wins"] = "Host web1\n User a\nHost *\n User b\n Port 24",
        ["several patterns"] = "Host x web? y\n User a",
        ["excluded"] = "Host * !web1\n User a\nHost *.com !db.*\n User b",
        ["equals sign"] = "User=a\nPort = 24\nHostName =h.example",
        ["tabs and indents"] = "\tUser\ta\n  \t Port 24  \t\r\n",
        ["quoted"] = "User \"a\"\nIdentityFile \"~/my key\"\nHostName 'h'",
        ["quoted keyword"] = "\"User\" a",
        ["escapes"] = "IdentityFile ~/my\\ key\nIdentityFile ~/a\\\\b\nIdentityFile \"a\\\"b\"",
        ["comment at the end"] = "User a # not b\nPort 24#5\n",
        ["comment after blank"] = "User a #b\nPort 24 # five",
        ["hash inside a word"] = "User a#b",
        ["open quote"] = "User \"a",
        ["open single quote"] = "User 'a",
        ["missing value"] = "User",
        ["missing host"] = "Host\nUser a",
        ["too much"] = "User a b",
        ["upper case keyword"] = "USER a\nhOsTnAmE B",
        ["host name token"] = "HostName %h.example.com",
        ["host name token in match"] = "HostName %h.example.com\nMatch host web1.example.com\n User a\nMatch host web1\n User b",
        ["bad token"] = "HostName %q",
        ["address"] = "HostName FE80::1",
        ["match all"] = "Match all\n User a",
        ["match not all"] = "Match !all\n User a",
        ["match user"] = "User a\nMatch user a,b\n Port 24\nMatch user !a\n Port 25",
        ["match local user"] = "Match localuser root,nobody\n Port 24",
        ["match original host"] = "HostName other\nMatch originalhost web1\n Port 24\nMatch host web1\n Port 25\nMatch host OTHER\n Port 26",
        ["match exec"] = "Match exec true\n User a\nMatch exec false\n Port 24",
        ["match exec with tokens"] = "Match exec \"test %h-%p-%n = web1-22-web1\"\n User a",
        ["match not exec"] = "Match !exec false host web1\n User a",
        ["match host and user"] = "Match host web* user root\n Port 24\nMatch host web* user a\n Port 25",
        ["match final"] = "Match final\n User a\nPort 24",
        ["match final host"] = "Match host real\n User early\nHostName real\nMatch final host real\n Port 24",
        ["host in the final pass"] = "Host real\n Port 24\nHost web1\n HostName real\nMatch final\n User a",
        ["match not final"] = "Match !final\n User a\nMatch final\n Port 24",
        ["match canonical"] = "Match canonical\n User a",
        ["match canonical all"] = "Match canonical all\n User a",
        ["match final all"] = "Match final all\n User a",
        ["all is not alone"] = "Match all host web1\n User a",
        ["all comes last"] = "Match host web1 user root all\n User a",
        ["match nothing"] = "Match\n User a",
        ["match unknown"] = "Match wether fine\n User a",
        ["match without value"] = "Match host\n User a",
        ["match with equals"] = "Match host=web1\n User a",
        ["match with comment"] = "Match host web1 # really\n User a",
        ["match quoted"] = "Match host \"web1,db*\"\n User a",
        ["canonicalize"] = "CanonicalizeHostname yes\nMatch canonical\n User a\nHost web1\n Port 24",
        ["canonicalize with host"] = "Host web1\n HostName Other\nHost other\n Port 24\nCanonicalizeHostname yes",
        ["include"] = "Include @FOLDER@/included\nServerAliveInterval 5",
        ["include in a host"] = "Host web1\n Include @FOLDER@/included\n User a",
        ["include in another host"] = "Host other\n Include @FOLDER@/included\n User a\nHost *\n Port 24",
        ["include a glob"] = "Include @FOLDER@/incl*\nUser a",
        ["include a set"] = "Include @FOLDER@/inclu[a-e]e[!x]\nUser a",
        ["include nothing"] = "Include @FOLDER@/none*\nUser a",
        ["include two"] = "Include @FOLDER@/none @FOLDER@/included",
        ["include does not leak its match"] = "Host web1\n Include @FOLDER@/included\n Port 24",
        ["identity files"] = "IdentityFile a\nIdentityFile ~/b\nIdentityFile a\nHost web1\n IdentityFile c",
        ["identity none"] = "IdentityFile none",
        ["certificates"] = "CertificateFile a-cert.pub\nCertificateFile b-cert.pub\nCertificateFile a-cert.pub",
        ["known hosts"] = "UserKnownHostsFile /a /b\nUserKnownHostsFile /c\nGlobalKnownHostsFile \"/d e\"",
        ["known hosts none"] = "UserKnownHostsFile none",
        ["strict yes"] = "StrictHostKeyChecking yes",
        ["strict no"] = "StrictHostKeyChecking no",
        ["strict off"] = "StrictHostKeyChecking OFF",
        ["strict new"] = "StrictHostKeyChecking accept-new",
        ["strict wrong"] = "StrictHostKeyChecking perhaps",
        ["flags"] = "IdentitiesOnly YES\nHashKnownHosts true\nBatchMode False",
        ["flag wrong"] = "IdentitiesOnly maybe",
        ["port wrong"] = "Port 70000",
        ["port zero"] = "Port 0",
        ["port no number"] = "Port x",
        ["times"] = "ConnectTimeout 1m30s\nServerAliveInterval 2m",
        ["time none"] = "ConnectTimeout none",
        ["time wrong"] = "ConnectTimeout 1y",
        ["jump"] = "ProxyJump bastion",
        ["jump chain"] = "ProxyJump a@one:24,ssh://b@two:25,three",
        ["jump none"] = "ProxyJump none\nProxyCommand x",
        ["jump before command"] = "ProxyJump bastion\nProxyCommand x",
        ["command before jump"] = "ProxyCommand x %h\nProxyJump bastion",
        ["command with quotes"] = "ProxyCommand sh -c \"nc '%h' %p\" # all of it",
        ["command with equals"] = "ProxyCommand=nc -X 5 %h %p",
        ["command none"] = "ProxyCommand none\nProxyJump bastion",
        ["jump wrong"] = "ProxyJump a@:24",
        ["send environment"] = "SendEnv A B_*\nSendEnv C\nSendEnv -B*",
        ["set environment"] = "SetEnv A=1 B=\"x y\"\nSetEnv C=3",
        ["set environment wrong"] = "SetEnv A",
        ["authentications"] = "PreferredAuthentications publickey,password\nPasswordAuthentication no\nPubkeyAuthentication no\nChallengeResponseAuthentication no",
        ["pubkey unbound"] = "PubkeyAuthentication unbound",
        ["agent"] = "IdentityAgent ~/agent.sock\nForwardAgent yes",
        ["agent variable"] = "IdentityAgent $MY_AGENT\nForwardAgent no",
        ["agent none"] = "IdentityAgent none",
        ["alias"] = "HostKeyAlias Web\nRevokedHostKeys /etc/revoked",
        ["addresses"] = "AddressFamily inet6\nBindAddress 127.0.0.1",
        ["address family wrong"] = "AddressFamily inet5",
        ["ignored"] = "IgnoreUnknown Shiny,New*\nShiny yes\nNewest 1\nUser a",
        ["unused"] = "ControlMaster auto\nControlPath ~/x\nForwardX11 no\nLocalForward 80 a:80\nCompression yes\nUser a",
        ["deprecated"] = "UsePrivilegedPort no\nProtocol 2\nCipher 3des\nUser a",
        ["attempts"] = "ConnectionAttempts 3\nNumberOfPasswordPrompts 1\nServerAliveCountMax 9",
        ["number wrong"] = "ServerAliveCountMax x",
    };

    private static readonly string[] Patterns = ["web1", "web*", "*", "db?", "!web1", "*.example.com", "web1,db1", "host.example.com", "!db*"];

    private static readonly string[] Lines =
    [
        "User alice", "User bob", "Port 2222", "Port=22", "HostName host.example.com", "HostName %h.example.com", "IdentityFile ~/.ssh/a", "IdentityFile=\"~/.ssh/b c\"",
        "IdentitiesOnly yes", "IdentitiesOnly no", "StrictHostKeyChecking no", "StrictHostKeyChecking accept-new", "ProxyJump bastion", "ProxyJump a,b@c:23", "ProxyCommand nc %h %p",
        "ProxyJump none", "ConnectTimeout 7", "ServerAliveInterval 1m", "SendEnv LC_* X", "SendEnv -X*", "SetEnv A=b", "UserKnownHostsFile /x /y", "ForwardAgent yes", "HostKeyAlias k",
        "# comment", "", "\tHashKnownHosts\tno  ", "PreferredAuthentications publickey", "IdentityAgent none", "CertificateFile x-cert.pub", "AddressFamily inet", "Include @FOLDER@/incl*",
    ];

    public static string ByChance(int seed)
    {
#pragma warning disable CA5394 // The same files every time.
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = random.Next(5, 30); i > 0; i--)
        {
            text.Append(random.Next(4) == 0 ? Block(random) : Lines[random.Next(Lines.Length)]).Append('\n');
        }

        return text.ToString();
    }

    private static string Block(Random random)
    {
        var pattern = Patterns[random.Next(Patterns.Length)];
        return random.Next(9) switch
        {
            < 4 => $"Host {pattern.Replace(',', ' ')} {Patterns[random.Next(Patterns.Length)].Replace(',', ' ')}",
            4 => $"Match host {pattern}",
            5 => $"Match originalhost {pattern} user alice,root",
            6 => random.Next(3) == 0 ? "Match final" : "Match all",
            7 => $"Match !host {pattern} !user bob",
            _ => $"Match host {pattern} exec \"{(random.Next(2) == 0 ? "true" : "false")}\"",
        };
#pragma warning restore CA5394
    }
}
