namespace Kamal.Engine.Local;

/// <summary>Environment variables as Ruby has them: on Windows, <c>HOME</c> and <c>USER</c> are set, too.</summary>
public static class OperatorVariables
{
    /// <summary>The value of a variable of this process, or null.</summary>
    /// <param name="name">The variable's name.</param>
    public static string? Read(string name) => Read(name, OperatingSystem.IsWindows(), Environment.GetEnvironmentVariable);

    /// <summary>The value of a variable, or null.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="isWindows">Whether this is Windows.</param>
    /// <param name="variable">Reads a variable.</param>
    public static string? Read(string name, bool isWindows, Func<string, string?> variable) => variable(name) ?? (name switch
    {
        "HOME" when isWindows => variable("USERPROFILE"),
        "USER" when isWindows => variable("USERNAME"),
        _ => null,
    });
}
