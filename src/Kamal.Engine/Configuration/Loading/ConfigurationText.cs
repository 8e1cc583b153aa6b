using System.Text;
using Kamal.Common;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Reads UTF-8 files.</summary>
internal static class ConfigurationText
{
    /// <summary>The text, or null with a problem if it is not UTF-8.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.FileUnavailable"/>: it cannot be read, or is too large.</exception>
    public static async Task<string?> ReadAsync(
        ConfigurationFile file, ICollection<ConfigurationProblem> problems, CancellationToken cancellationToken)
    {
        try
        {
            return Decode(
                await BoundedFile.ReadAsync(file.Path, BoundedFile.SettingsLimit, cancellationToken).ConfigureAwait(false),
                file.Name, problems);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KamalException(KamalErrorId.FileUnavailable, $"{file.Name} cannot be read: {error.Message}", error);
        }
    }

    public static string? Decode(ReadOnlySpan<byte> bytes, string name, ICollection<ConfigurationProblem> problems)
    {
        if (BoundedFile.IsUtf16(bytes))
        {
            problems.Add(ConfigurationProblem.At(new(name, 0, 0), "", "the file is UTF-16; save it as UTF-8"));
            return null;
        }

        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        var invalid = InvalidAt(bytes);
        if (invalid < 0) return Encoding.UTF8.GetString(bytes);
        var line = bytes[..invalid].Count((byte)'\n') + 1;
        var column = invalid - bytes[..invalid].LastIndexOf((byte)'\n');
        problems.Add(
            ConfigurationProblem.At(
                new(name, line, column), "", $"the byte 0x{bytes[invalid]:X2} is not valid UTF-8; save the file as UTF-8"));
        return null;
    }

    private static int InvalidAt(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[i..], out _, out var length) != System.Buffers.OperationStatus.Done) return i;
            i += length;
        }

        return -1;
    }
}
