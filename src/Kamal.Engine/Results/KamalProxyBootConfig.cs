namespace Kamal.Engine.Results;

/// <summary>How a host's boot_config files start the proxy; deploy.yml's <c>proxy.run</c> goes before them.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Options">Options of <c>docker run</c>.</param>
/// <param name="Image">The image with its tag.</param>
/// <param name="RunCommand">The command, or empty for the image's own.</param>
public sealed record KamalProxyBootConfig(string HostName, string Options, string Image, string RunCommand)
{
    /// <summary>All in one line, as Kamal prints it.</summary>
    public string Text => $"{Options} {Image} {RunCommand}".TrimEnd();
}
