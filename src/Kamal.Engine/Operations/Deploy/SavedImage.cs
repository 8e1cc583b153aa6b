using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Engine.Local.Images;

namespace Kamal.Engine.Operations;

/// <summary>The app's image as this machine's engine has it, in the form in which it travels.</summary>
internal static class SavedImage
{
    /// <summary>Finds it in the store, or has the engine save it there.</summary>
    /// <returns>Null in a preview.</returns>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ImageInvalid"/>: this machine does not have it; <see cref="KamalErrorId.LocalToolMissing"/>: docker is not
    /// here; <see cref="KamalErrorId.FileUnavailable"/>: it could not be stored.
    /// </exception>
    public static async Task<StoredImage?> FindAsync(Run run, KamalContext context, ImageStore store)
    {
        var name = context.Configuration.AbsoluteImage;
        if (context.Configuration.Builder.UsesDotnet) return run.IsPreview ? null : Built(store, name);
        var save = LocalCommand.Of("docker", "save", name);
        if (run.IsPreview)
        {
            await run.LocalAsync(save).ConfigureAwait(false);
            return null;
        }

        var inspected = await run.LocalAsync(LocalCommand.ReadOnly("docker", "image", "inspect", "--format", "{{.Id}}", name))
            .ConfigureAwait(false);
        if (!inspected.Succeeded) throw Missing(inspected, name);
        var id = inspected.ReadOutput().Trim();
        if (store.Find(id) is { } known)
        {
            store.Prune(known);
            return known;
        }

        run.Sink.Inform($"Preparing {name} for the transfer...");
        var image = await SaveAsync(run, save, store, name).ConfigureAwait(false);
        store.Remember(id, image);
        store.Prune(image);
        return image;
    }

    private static async Task<StoredImage> SaveAsync(Run run, LocalCommand save, ImageStore store, string name)
    {
        var import = new ImageImport(store);
        Exception? failure = null;
        async Task ReadAsync(Stream output, CancellationToken cancellationToken)
        {
            try
            {
                await import.ReadAsync(output, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is IOException or InvalidDataException or FormatException or UnauthorizedAccessException)
            {
                // docker's own error comes first: its output then ends early.
                failure = error;
                await output.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
            }
        }

        var saved = await run.LocalAsync(save with { OutputReader = ReadAsync }).ConfigureAwait(false);
        LocalTools.EnsureSucceeded(saved, "The image could not be read from this machine's engine");
        return await CompleteAsync(import, failure, $"What docker save printed for {name}").ConfigureAwait(false);
    }

    /// <summary>Stores an image that a program wrote into a file.</summary>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ImageInvalid"/>: it did not write one; <see cref="KamalErrorId.FileUnavailable"/>: it could not be stored.
    /// </exception>
    public static async Task<StoredImage> ReadAsync(Run run, string path, ImageStore store, string name)
    {
        var import = new ImageImport(store);
        Exception? failure = null;
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, useAsync: true);
            await using (file.ConfigureAwait(false)) await import.ReadAsync(file, run.Cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or FormatException or UnauthorizedAccessException)
        {
            failure = error;
        }

        return await CompleteAsync(import, failure, $"What the build wrote for {name}").ConfigureAwait(false);
    }

    /// <summary>Stores the parts of an image that is in the store.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.FileUnavailable"/>: they could not be stored.</exception>
    public static async Task<ImmutableArray<StoredImage>> PartsAsync(ImageStore store, StoredImage image)
    {
        try
        {
            return await ImageParts.StoreAsync(store, image).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unstored(error);
        }
    }

    /// <summary>The architecture of an image in the store, as Docker names it; null if the image does not say.</summary>
    public static async Task<string?> ArchitectureAsync(ImageStore store, StoredImage image)
    {
        if (store.Open(image.Config) is not { } file) return null;
        await using (file.ConfigureAwait(false))
        {
            using var config = await JsonDocument.ParseAsync(file).ConfigureAwait(false);
            return config.RootElement.TryGetProperty("architecture", out var name) ? name.GetString() : null;
        }
    }

    private static KamalException Unstored(Exception error) => new(
        KamalErrorId.FileUnavailable, $"The image could not be stored for the transfer: {error.Message.TrimEnd('.')}.", error)
    {
        Recommendation = $"It needs space in the cache directory {OwnDirectory.Cache}; XDG_CACHE_HOME names another one.",
    };

    private static async Task<StoredImage> CompleteAsync(ImageImport import, Exception? failure, string what)
    {
        try
        {
            if (failure is not null) throw failure;
            return await import.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException or FileNotFoundException)
        {
            throw new KamalException(KamalErrorId.ImageInvalid, $"{what} is not an image: {error.Message.TrimEnd('.')}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unstored(error);
        }
    }

    /// <summary>The image that a build with the .NET SDK stored.</summary>
    private static StoredImage Built(ImageStore store, string name)
    {
        if (store.FindNamed(name) is not { } image)
        {
            throw NotBuilt($"this machine has not built the image {name}, or no longer has it");
        }

        store.Prune(image);
        return image;
    }

    private static KamalException Missing(LocalResult inspected, string name)
    {
        if (!inspected.ReadError().Contains("no such image", StringComparison.OrdinalIgnoreCase)
            && !inspected.ReadError().Contains("no such object", StringComparison.OrdinalIgnoreCase))
        {
            return LocalTools.Explained(inspected.Failure("The image could not be read from this machine's engine"));
        }

        return NotBuilt($"this machine's engine does not have the image {name}", inspected);
    }

    private static KamalException NotBuilt(string what, LocalResult? inspected = null)
    {
        const string next = "Was this version built on this machine? Leave out -SkipPush (--skip-push) to build it.";
        return new(KamalErrorId.ImageInvalid, $"T{what[1..]}.")
        {
            Command = inspected?.Command.Display,
            ExitCode = inspected?.ExitCode,
            Recommendation = next,
            Cause = new(CauseName.ImageNotFound, what) { NextStep = next },
        };
    }
}
