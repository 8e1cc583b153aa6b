using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>The names of architectures as Docker takes them. Facts: the platforms package of containerd.</summary>
internal static class Platforms
{
    private static readonly ImmutableArray<string> Known =
    [
        "amd64", "arm64", "arm", "386", "riscv64", "ppc64le", "s390x", "loong64", "mips64le", "mips64", "mipsle", "mips", "ppc64",
        "ppc", "s390", "riscv",
        "sparc64", "sparc", "amd64p32", "armbe", "arm64be", "mips64p32", "mips64p32le", "wasm",
    ];

    private static readonly ImmutableArray<string> Aliases = ["x86_64", "x86-64", "aarch64", "armhf", "armel", "i386"];

    /// <summary>Names to suggest for one that is not known.</summary>
    public static IEnumerable<string> Names => Known.Concat(Aliases);

    /// <summary>Whether Docker knows an architecture: <c>NAME</c> or <c>NAME/VARIANT</c>.</summary>
    /// <param name="text">The architecture.</param>
    public static bool IsKnown(string text) => Known.Contains(Normalize(text).Split('/')[0]);

    /// <summary>
    /// An architecture in Docker's own words: <c>x86_64</c> is <c>amd64</c>, <c>arm64/v8</c> is <c>arm64</c>, <c>arm</c> is
    /// <c>arm/v7</c>.
    /// </summary>
    /// <param name="text">The architecture.</param>
    public static string Normalize(string text)
    {
        var parts = text.ToLowerInvariant().Split('/', 2);
        var variant = parts.Length > 1 ? parts[1] : "";
        var (name, normal) = parts[0] switch
        {
            "i386" => ("386", ""),
            "amd64" or "x86_64" or "x86-64" => ("amd64", variant == "v1" ? "" : variant),
            "arm64" or "aarch64" => ("arm64", variant is "8" or "v8" ? "" : variant),
            "armhf" => ("arm", "v7"),
            "armel" => ("arm", "v6"),
            "arm" => ("arm", variant is "" ? "v7" : variant is "5" or "6" or "7" or "8" ? "v" + variant : variant),
            var other => (other, variant),
        };
        return normal.Length == 0 ? name : $"{name}/{normal}";
    }

    /// <summary>The architectures of a list, of which Docker also takes several in one text.</summary>
    /// <param name="texts">The list.</param>
    public static ImmutableArray<string> Read(IEnumerable<string> texts) =>
        [.. texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(Normalize).Distinct()];
}
