using System.Text.RegularExpressions;
using Kamal.Engine.Commands;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>The .NET SDK of this machine.</summary>
internal static partial class DotnetSdk
{
    private const string Install = "Install the .NET SDK: https://dotnet.microsoft.com/download";

    private static readonly Version Oldest = new(8, 0, 200);
    private static readonly Version OldestWithSeveral = new(8, 0, 405);
    private static readonly Version OldestNewerWithSeveral = new(9, 0, 102);

    /// <summary>Checks that there is one that can build the image; a preview needs none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="directory">Where it builds: a global.json there may ask for a certain one.</param>
    /// <param name="isMultiple">Whether the image is for several architectures.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.LocalToolMissing"/>: there is none, or it is too old.</exception>
    public static async Task EnsureAsync(Run run, string directory, bool isMultiple)
    {
        if (run.IsPreview) return;
        var text = await VersionAsync(run, directory).ConfigureAwait(false);
        if (Number().Match(text) is not { Success: true } match || !Version.TryParse(match.Value, out var version)) return;
        if (version < Oldest) throw TooOld($"The .NET SDK {text} cannot build images: {Oldest} or later is needed.");
        if (isMultiple && version < (version.Major > 8 ? OldestNewerWithSeveral : OldestWithSeveral))
        {
            throw TooOld($"The .NET SDK {text} builds an image for one architecture only: {OldestWithSeveral}, {OldestNewerWithSeveral} "
                + "or later is needed for several.");
        }
    }

    private static async Task<string> VersionAsync(Run run, string directory)
    {
        LocalResult result;
        try
        {
            result = await run.LocalAsync(DotnetCommands.Version() with { WorkingDirectory = directory }).ConfigureAwait(false);
        }
        catch (KamalException error) when (error.Id == KamalErrorId.LocalToolMissing)
        {
            throw new KamalException(KamalErrorId.LocalToolMissing, "The .NET SDK is not installed on this machine, or not in PATH.", error)
            {
                Command = error.Command,
                Recommendation = Install,
            };
        }

        if (result.Succeeded) return result.ReadOutput().Trim();
        var failure = result.Failure();
        throw new KamalException(
            KamalErrorId.LocalToolMissing,
            "This machine does not have the .NET SDK that the project needs."
            + (failure.Output is { Length: > 0 } said ? " dotnet says: " + said : ""))
        {
            Command = failure.Command,
            ExitCode = failure.ExitCode,
            Output = failure.Output,
            Recommendation = Install + ". A global.json may ask for a certain version.",
        };
    }

    private static KamalException TooOld(string message) => new(KamalErrorId.LocalToolMissing, message)
    {
        Recommendation = Install + ". If a newer one is installed, a global.json asks for this one.",
    };

    [GeneratedRegex("^[0-9]{1,4}[.][0-9]{1,4}[.][0-9]{1,4}")]
    private static partial Regex Number();
}
