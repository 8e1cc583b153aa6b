namespace Kamal.Engine.Ssh;

/// <summary>What becomes of a host whose key is not known; <c>StrictHostKeyChecking</c> of ssh_config.</summary>
public enum StrictHostKeyChecking
{
    /// <summary>The operator is asked; refused when nobody can be asked.</summary>
    Ask,

    /// <summary>Refused.</summary>
    Yes,

    /// <summary>Accepted and remembered; a changed key is refused all the same.</summary>
    AcceptNew,

    /// <summary>Accepted and remembered, and a changed key too where OpenSSH would go on: we refuse that one, because a deployment sends secrets.</summary>
    No,
}
