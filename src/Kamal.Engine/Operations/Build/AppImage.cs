using System.Text.RegularExpressions;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>The digest of the app's image in the registry, since its tag may move.</summary>
internal static partial class AppImage
{
    /// <summary>The placeholder for a digest that is known only after the build.</summary>
    private const string UnknownDigest = "sha256:DIGEST";

    /// <summary>The digest of the image that hosts must have; null if only its tag is known.</summary>
    public static Outcome<string?> Digest { get; } = new(null);

    /// <summary>Sets the placeholder, for a view or a preview.</summary>
    public static void Expect(Run run) => run.Set(Digest, UnknownDigest);

    /// <summary>
    /// The digest that a push reported: BuildKit names the manifest that it pushes, and <c>docker push</c> prints the digest last.
    /// </summary>
    /// <param name="image">The image, with its tag.</param>
    /// <param name="output">What the command printed.</param>
    /// <returns>The digest; null if the output has none, or several.</returns>
    public static string? DigestIn(string image, string output)
    {
        var tag = image[(image.LastIndexOf(':') + 1)..];
        return Single(PushedManifest().Matches(output).Where(match => FullName(match.Groups["name"].Value) == FullName(image))
            .Concat(PushedTag().Matches(output).Where(match => match.Groups["tag"].Value == tag))
            .Select(match => match.Groups["digest"].Value));
    }

    /// <summary>Whether text is a digest.</summary>
    public static bool IsDigest(string? text) => text is not null && WholeDigest().IsMatch(text);

    /// <summary>Prints the digests of the image in this machine's engine, which it knows after a push.</summary>
    public static LocalCommand AskEngine(KamalConfiguration configuration) => LocalCommand.ReadOnly(
        "docker", "image", "inspect", "--format", "{{range .RepoDigests}}{{println .}}{{end}}", configuration.AbsoluteImage);

    /// <summary>Prints the ID of the image in this machine's engine.</summary>
    public static LocalCommand AskId(KamalConfiguration configuration) =>
        LocalCommand.ReadOnly("docker", "image", "inspect", "--format", "{{.Id}}", configuration.AbsoluteImage);

    /// <summary>The digest of the image in its repository; null if the engine knows none, or several.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="output">What <see cref="AskEngine"/> printed.</param>
    public static string? DigestOf(KamalConfiguration configuration, string output) => Single(
        RepositoryDigest().Matches(output).Where(match => FullName(match.Groups["name"].Value) == FullName(configuration.Repository))
            .Select(match => match.Groups["digest"].Value));

    private static string? Single(IEnumerable<string> digests) => digests.Distinct().Take(2).ToList() is [var only] ? only : null;

    /// <summary>The name with its registry: Docker Hub's names may come without it.</summary>
    private static string FullName(string name)
    {
        var first = name.Split('/')[0];
        if (first == "index.docker.io") return FullName(name["index.".Length..]);
        if (first == "docker.io") return name.Count(c => c == '/') == 1 ? $"docker.io/library/{name["docker.io/".Length..]}" : name;
        return name.Contains('/', StringComparison.Ordinal) && (first.AsSpan().ContainsAny('.', ':') || first == "localhost")
            ? name
            : FullName("docker.io/" + name);
    }

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex WholeDigest();

    [GeneratedRegex(@"pushing manifest for (?<name>[^\s@]+)@(?<digest>sha256:[0-9a-f]{64})", RegexOptions.CultureInvariant)]
    private static partial Regex PushedManifest();

    [GeneratedRegex(
        @"^(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]*): digest: (?<digest>sha256:[0-9a-f]{64}) size: \d+\s*$",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex PushedTag();

    [GeneratedRegex(
        @"^(?<name>[^\s@]+)@(?<digest>sha256:[0-9a-f]{64})\s*$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex RepositoryDigest();
}
