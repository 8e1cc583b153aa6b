namespace Kamal.Host;

/// <summary>Where the module is that the console imports.</summary>
internal static class PublishedModule
{
    /// <summary>
    /// The copy that was compiled ahead of time with this console, unless the published module is newer; then that one.
    /// <c>KAMAL_MODULE</c> names another.
    /// </summary>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("KAMAL_MODULE") is { Length: > 0 } named) return named;
        var ahead = Path.Combine(AppContext.BaseDirectory, "Kamal", "Kamal.psd1");
        var published = AppContext.GetData("Kamal.PublishedModule") as string ?? "";
        if (!File.Exists(ahead)) return published;
        var stamp = File.GetLastWriteTimeUtc(Path.Combine(AppContext.BaseDirectory, "Kamal", "compiled-ahead"));
        string[] sources = ["Kamal.psd1", "Kamal.dll", "Kamal.Engine.dll", Path.Combine("deps", "Kamal.Adapters.dll")];
        var folder = Path.GetDirectoryName(published) ?? "";
        return sources.All(file => File.GetLastWriteTimeUtc(Path.Combine(folder, file)) <= stamp) ? ahead : published;
    }
}
