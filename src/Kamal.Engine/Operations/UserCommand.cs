using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>A user's own command on one host.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Before">What is done before it: a login, an audit line.</param>
/// <param name="Step">The command.</param>
internal sealed record UserCommand(string HostName, IReadOnlyList<Step> Before, Step Step);
