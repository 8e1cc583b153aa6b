namespace Kamal.Adapters.Ssh.Authentication;

/// <summary>A key that an agent holds.</summary>
internal sealed class AgentKey(SshAgentClient agent, byte[] blob, string comment) : LoginKey
{
    public override string Description => $"the agent's key {(comment.Length > 0 ? comment + " " : "")}({Fingerprint(blob)})";

    public override byte[] PublicBlob => blob;

    public override bool IsCostly => true;

    public override string Obstacle => "the agent did not sign with it";

    public override Task<byte[]?> SignAsync(byte[] data, string algorithm, CancellationToken cancellationToken) => agent.SignAsync(blob, data, algorithm, cancellationToken);
}
