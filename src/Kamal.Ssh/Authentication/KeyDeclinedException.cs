namespace Kamal.Adapters.Ssh.Authentication;

/// <summary>Ends SSH.NET's use of one key, so that the next can be tried.</summary>
internal sealed class KeyDeclinedException() : Exception("The key is not used.");
