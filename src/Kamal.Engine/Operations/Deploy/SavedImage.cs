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
        saved.EnsureSucceeded("The image could not be read from this machine's engine");
        try
        {
            if (failure is not null) throw failure;
            return await import.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new KamalException(
                KamalErrorId.ImageInvalid, $"What docker save printed for {name} is not an image: {error.Message.TrimEnd('.')}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KamalException(
                KamalErrorId.FileUnavailable, $"The image could not be stored for the transfer: {error.Message.TrimEnd('.')}.", error)
            {
                Recommendation = $"It needs space in the cache directory {OwnDirectory.Cache}; XDG_CACHE_HOME names another one.",
            };
        }
    }

    private static KamalException Missing(LocalResult inspected, string name)
    {
        if (!inspected.ReadError().Contains("no such image", StringComparison.OrdinalIgnoreCase)
            && !inspected.ReadError().Contains("no such object", StringComparison.OrdinalIgnoreCase))
        {
            return inspected.Failure("The image could not be read from this machine's engine");
        }

        const string next = "Was this version built on this machine? Leave out -SkipPush (--skip-push) to build it.";
        return new(KamalErrorId.ImageInvalid, $"This machine's engine does not have the image {name}.")
        {
            Command = inspected.Command.Display,
            ExitCode = inspected.ExitCode,
            Recommendation = next,
            Cause = new(CauseName.ImageNotFound, $"this machine's engine does not have the image {name}") { NextStep = next },
        };
    }
}
