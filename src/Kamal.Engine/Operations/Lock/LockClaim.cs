using System.Security.Cryptography;

namespace Kamal.Engine.Operations;

/// <summary>One attempt to take the deploy lock.</summary>
/// <param name="HostName">The host that holds it.</param>
/// <param name="Details">What the lock says of its owner.</param>
internal sealed record LockClaim(string HostName, string Details)
{
    /// <summary>What makes the lock this run's own: nobody else has it, and only a lock with it is ever released.</summary>
    public string Nonce { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Whether the lock may be there: what takes it was sent, and was not answered with a refusal.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Whether the host said that the lock is taken.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>What takes the lock is about to be sent to a host.</summary>
    /// <param name="hostName">The host.</param>
    public void NoteSending(string hostName) => IsSent |= hostName == HostName;
}
