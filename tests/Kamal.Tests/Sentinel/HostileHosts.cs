using System.Management.Automation.Runspaces;
using Kamal.Engine;
using Kamal.Sessions;

namespace Kamal.Tests.Sentinel;

/// <summary>
/// Hosts that are shells of this machine, where every program prints a test's text. Another host refuses logins with the same text. The
/// test's script attaches them to a runspace of a real pwsh.
/// </summary>
public static class HostileHosts
{
    /// <summary>The host that refuses logins.</summary>
    public const string Closed = "192.0.2.9";

    /// <summary>Attaches the hosts to the current runspace.</summary>
    /// <param name="folder">The directory with their programs.</param>
    /// <param name="wordsFile">The file with the text to print.</param>
    public static void Attach(string folder, string wordsFile)
    {
        var words = File.ReadAllText(wordsFile);
        KamalSession.For(Runspace.DefaultRunspace).Connector = new TestConnector((target, interaction, _) =>
        {
            interaction.Trace(target.Name, words);
            interaction.Warn(words);
            if (target.Name != Closed)
            {
                return Task.FromResult<Engine.Hosts.IHostConnection>(
                    new LocalShellConnection(path: folder, home: folder, name: target.Name));
            }
            throw new KamalException(
                KamalErrorId.ConnectionFailed, $"{target.Name}: could not connect: {words}",
                new IOException(words, new InvalidOperationException(words)))
            {
                HostName = target.Name,
                Output = words,
                Recommendation = words,
                Command = words,
                Causes = [new(KamalErrorId.AuthenticationFailed, words)],
            };
        });
    }
}
