namespace Kamal.Engine.Configuration;

/// <summary>Port to PowerShell: evaluates <c>config/deploy.ps1</c>.</summary>
public interface IConfigurationScript
{
    /// <summary>Runs a script and returns the one value it writes.</summary>
    /// <param name="path">The script's absolute path.</param>
    /// <param name="destination">The destination, or null.</param>
    /// <param name="cancellationToken">Stops the script.</param>
    /// <returns>Dictionaries, lists and plain values, without PowerShell's wrappers.</returns>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConfigurationInvalid"/>: the script failed or wrote something else than one hashtable.</exception>
    Task<object?> EvaluateAsync(string path, string? destination, CancellationToken cancellationToken);
}
