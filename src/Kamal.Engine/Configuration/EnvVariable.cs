namespace Kamal.Engine.Configuration;

/// <summary>A clear environment variable, build argument, label or log option.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; null when the file gives none or an empty one, so that the name alone is passed on (Kamal's <c>EMPTY: ""</c> is <c>--env EMPTY</c>).</param>
public sealed record EnvVariable(string Name, string? Value);
