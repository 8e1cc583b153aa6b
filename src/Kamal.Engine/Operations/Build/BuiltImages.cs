using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kamal.Common;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>
/// A record of what a project's runs on this machine have built, so that a deploy of the same commit with the same build does not build it
/// again. It is a file in the account's state directory, which no other account can read. It has hashes and digests, no secrets.
/// </summary>
/// <param name="root">The state directory; null to record nothing.</param>
internal sealed class BuiltImages(string? root)
{
    /// <summary>How many images of a project are kept in the record.</summary>
    private const int Kept = 20;

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>An empty record, as on another machine.</summary>
    public static BuiltImages None { get; } = new(null);

    /// <summary>The record in the account's state directory.</summary>
    public static BuiltImages OfAccount() => new(OwnDirectory.State);

    /// <summary>
    /// What this build depends on, as a hash; null if it depends on more than a commit and the configuration. As for Docker's own cache,
    /// the values of build secrets do not matter.
    /// </summary>
    /// <param name="context">The context, with the version.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public static async Task<string?> FingerprintAsync(KamalContext context, CancellationToken cancellationToken)
    {
        var configuration = context.Configuration;
        // With builder.context, files outside git are built too.
        if (configuration.Builder.Context is not null) return null;
        if (configuration.Builder.UsesDotnet) return null;
        if (!await context.Git.IsRepositoryAsync(cancellationToken).ConfigureAwait(false)) return null;
        if ((await context.Git.UncommittedChangesAsync(cancellationToken).ConfigureAwait(false)).Length > 0) return null;
        var revision = await context.Git.RevisionAsync(cancellationToken).ConfigureAwait(false);
        var prefix = await context.Git.PrefixAsync(cancellationToken).ConfigureAwait(false);
        var builder = new BuilderCommands(configuration,
            BuilderCommands.DependsOnArchitecture(configuration.Builder) ? LocalBuilder.OwnArchitecture() : null);
        var build = new BuildCommands(configuration, builder)
            .Build(configuration.IsTransferredDirectly ? "docker" : "registry");
        IEnumerable<string> parts =
        [
            revision, prefix, builder.Kind.ToString(), builder.Name ?? "", configuration.Builder.Remote ?? "",
            OperatorVariables.Read("DOCKER_HOST") ?? "", OperatorVariables.Read("DOCKER_CONTEXT") ?? "",
            .. build.Environment.Keys, .. build.Arguments.Select(argument => argument.Reveal()),
            // An argument without a value, which the build takes from the environment.
            .. configuration.Builder.Args.Where(argument => argument.Value is null)
                .Select(argument => OperatorVariables.Read(argument.Name) is { } value ? $"={value}" : ""),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Concat(parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Length}:{part}"))))));
    }

    /// <summary>The image that was last built with this version's name; null if there is none.</summary>
    /// <param name="configuration">The configuration, with the version.</param>
    public BuiltImage? Find(KamalConfiguration configuration) => root is null ? null
        : Read(PathOf(configuration)).LastOrDefault(image => image.Name == configuration.AbsoluteImage);

    /// <summary>Records an image that was built, and replaces the record of another with its name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public void Remember(KamalConfiguration configuration, BuiltImage image)
    {
        if (root is null) return;
        var path = PathOf(configuration);
        var images = Read(path).Where(other => other.Name != image.Name).TakeLast(Kept - 1).Append(image).ToArray();
        var directory = OwnDirectory.Make(root, Names);
        var next = Path.Join(directory, $".{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(next, options)) stream.Write(JsonSerializer.SerializeToUtf8Bytes(images, Format));
        File.Move(next, path, overwrite: true);
    }

    private static string[] Names => ["kamal-powershell", "builds"];

    private string PathOf(KamalConfiguration configuration)
    {
        var file = Path.GetFullPath(configuration.ConfigFile, configuration.ProjectDirectory);
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{file}\n{configuration.Service}")))[..32];
        return Path.Join([root, .. Names, $"{name}.json"]);
    }

    /// <summary>A file that is invalid or cannot be read counts as empty: the image is built.</summary>
    private static IReadOnlyList<BuiltImage> Read(string path)
    {
        try
        {
            return !File.Exists(path) ? [] :
                [.. (JsonSerializer.Deserialize<BuiltImage?[]>(BoundedFile.Read(path, BoundedFile.SettingsLimit), Format) ?? [])
                    .OfType<BuiltImage>().Where(image => AppImage.IsDigest(image.Digest))];
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

/// <summary>An image that was built, and pushed if there is a registry.</summary>
/// <param name="Name">Its name with its tag.</param>
/// <param name="Digest">Its digest in the registry; without a registry, its ID in this machine's engine.</param>
/// <param name="Fingerprint">The hash of what its build depends on.</param>
/// <param name="At">When it was built.</param>
internal sealed record BuiltImage(string Name, string Digest, string Fingerprint, DateTimeOffset At);
