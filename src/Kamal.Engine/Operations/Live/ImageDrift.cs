using Kamal.Engine.Commands;

namespace Kamal.Engine.Operations;

/// <summary>Compares the names of images.</summary>
internal static class ImageDrift
{
    /// <summary>The key behind the difference of an app's or accessory's image: that of the registry, if nothing else differs.</summary>
    /// <param name="from">The image of the container that runs.</param>
    /// <param name="to">The configured image.</param>
    public static IEnumerable<Difference> Between(string from, string to)
    {
        if (from == to) yield break;
        var (old, wanted) = (Split(from), Split(to));
        yield return (old.Name, old.Tag) == (wanted.Name, wanted.Tag)
            ? new("registry/server") { From = old.Registry, To = wanted.Registry }
            : new("image") { From = from, To = to };
    }

    /// <summary>The same for a tag that has since been moved to another image.</summary>
    /// <param name="image">The image's name.</param>
    /// <param name="from">The ID of the image that runs.</param>
    /// <param name="to">The ID of the image that has the name on the host; null if none has.</param>
    public static IEnumerable<Difference> Moved(string image, string from, string? to)
    {
        if (to is null || from == to) yield break;
        yield return new("image") { From = $"{image} ({ShortId(from)})", To = $"{image} ({ShortId(to)})" };
    }

    /// <summary>An image's registry, name and tag.</summary>
    public static (string? Registry, string Name, string Tag) Split(string image)
    {
        var tag = DockerListings.Tag(image) ?? "";
        var name = tag.Length > 0 ? image[..^(tag.Length + 1)] : image;
        var first = name.Split('/')[0];
        var isServer = name.Contains('/', StringComparison.Ordinal) && (first.IndexOfAny(['.', ':']) >= 0 || first == "localhost");
        return isServer ? (first, name[(first.Length + 1)..], tag) : (null, name, tag);
    }

    private static string ShortId(string id) =>
        id.Replace("sha256:", "", StringComparison.Ordinal) is { Length: > 12 } hex ? hex[..12] : id;
}
