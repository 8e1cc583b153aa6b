namespace Kamal.Engine.Ssh;

/// <summary>A file of ssh_config.</summary>
/// <param name="Path">Its absolute path; it need not exist.</param>
/// <param name="IsUsers">Whether it is a user's, whose includes start in <c>~/.ssh</c>, or the system's.</param>
internal sealed record SshConfigSource(string Path, bool IsUsers);
