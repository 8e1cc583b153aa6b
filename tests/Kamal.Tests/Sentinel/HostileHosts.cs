using System.Management.Automation.Runspaces;
using Kamal.Engine;
using Kamal.Engine.Hosts;
using Kamal.Engine.Ssh;
using Kamal.Engine.Tests.Support;
using Kamal.Sessions;

namespace Kamal.Tests.Sentinel;

/// <summary>
/// Hosts that are shells of this machine, whose every program says what a test gives them; one more does not let anybody in,
/// and says the same. Attached to a runspace of a real pwsh by the sentinel's script.
/// </summary>
/// <param name="folder">The folder with their programs.</param>
/// <param name="words">What they say.</param>
public sealed class HostileHosts(string folder, string words) : IHostConnector
{
    /// <summary>The host that lets nobody in.</summary>
    public const string Closed = "192.0.2.9";

    /// <summary>Makes them this runspace's hosts.</summary>
    /// <param name="folder">The folder with their programs.</param>
    /// <param name="words">The file with what they say.</param>
    public static void Attach(string folder, string words) =>
        KamalSession.For(Runspace.DefaultRunspace).Connector = new HostileHosts(folder, File.ReadAllText(words));

    /// <inheritdoc/>
    public Task<IHostConnection> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken)
    {
        interaction.Trace(target.Name, words);
        interaction.Warn(words);
        if (target.Name != Closed) return Task.FromResult<IHostConnection>(new LocalShellConnection(path: folder, home: folder, name: target.Name));
        throw new KamalException(KamalErrorId.ConnectionFailed, $"{target.Name}: could not connect: {words}", new IOException(words, new InvalidOperationException(words)))
        {
            HostName = target.Name,
            Output = words,
            Recommendation = words,
            Command = words,
            Causes = [new(KamalErrorId.AuthenticationFailed, words)],
        };
    }
}
