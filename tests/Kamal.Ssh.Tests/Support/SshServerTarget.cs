using Kamal.Ssh.Targets;

namespace Kamal.Ssh.Tests.Support;

internal static class SshServerTarget
{
    extension(SshServer server)
    {
        /// <summary>A target that works: the right key, the right known host, no agent, no files of the user's.</summary>
        public SshTarget Target => new("web1", server.Address, server.Port, Environment.UserName)
        {
            IdentityFiles = [server.UserKey],
            IdentitiesOnly = true,
            IdentityAgent = "none",
            UserKnownHostsFiles = [server.KnownHosts],
            HostKeyChecking = StrictHostKeyChecking.Ask,
            ConnectTimeout = TimeSpan.FromSeconds(20),
        };
    }
}
