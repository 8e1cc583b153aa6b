using System.Collections.Immutable;

namespace Kamal.Lab.Tests;

/// <summary>How a scenario's command must end, and what it must say.</summary>
public sealed record Output
{
    private ImmutableArray<string> _says = [];
    private ImmutableArray<string> _not = [];
    private ImmutableArray<string> _errors = [];
    private bool _fails;

    private Output()
    {
    }

    /// <summary>It succeeds and says these words.</summary>
    public static Output Succeeds(params ImmutableArray<string> says) => new() { _says = says };

    /// <summary>It fails and says these words.</summary>
    public static Output Fails(params ImmutableArray<string> says) => new() { _says = says, _fails = true };

    /// <summary>And one of its errors has this id.</summary>
    public Output As(string id) => this with { _errors = [.. _errors, id] };

    /// <summary>And it does not say these words.</summary>
    public Output Not(params ImmutableArray<string> words) => this with { _not = [.. _not, .. words] };

    /// <summary>Fails unless it is so.</summary>
    internal void Check(CommandResult result)
    {
        Assert.True(result.ExitCode != 0 == _fails, $"exit status {result.ExitCode}:\n{result.Text}");
        foreach (var word in _says)
        {
            Assert.True(result.Text.Contains(word, StringComparison.Ordinal), $"'{word}' is not in:\n{result.Text}");
        }
        foreach (var word in _not) Assert.False(result.Text.Contains(word, StringComparison.Ordinal), $"'{word}' is in:\n{result.Text}");
        foreach (var id in _errors)
        {
            Assert.True(result.Text.Contains($"[error {id},", StringComparison.Ordinal), $"no error {id} in:\n{result.Text}");
        }
    }
}
