using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text;
using Kamal.Engine.Local;

namespace Kamal.Engine.Secrets;

/// <summary>Makes the values of assignments, each at most once.</summary>
internal sealed class SecretEvaluator
{
    /// <summary>The longest value, in characters: far above any key, below what references to references could grow to.</summary>
    private const int MaximumLength = 1024 * 1024;

    private readonly SecretFiles _files;
    private readonly ILocalRunner _runner;
    private readonly InlineSecretsRunner _inline;
    private readonly Func<string, string?> _environment;
    private readonly ShellLine _shell;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly Dictionary<int, SecretText> _made = [];
    private readonly Dictionary<int, KamalException> _failed = [];

    private readonly SecretRegister _register;

    public SecretEvaluator(
        SecretFiles files, ILocalRunner runner, IVaultClient vaults, Func<string, string?> environment, SecretRegister register)
    {
        _register = register;
        _files = files;
        _runner = runner;
        _inline = new(vaults);
        _environment = environment;
        _shell = ShellLine.OfPlatform(environment);
    }

    /// <summary>The value of an assignment.</summary>
    /// <param name="book">All assignments.</param>
    /// <param name="entry">The one that is wanted.</param>
    /// <param name="cancellationToken">Stops a command.</param>
    /// <exception cref="KamalException">A command failed, now or before.</exception>
    public async Task<SecretText> EvaluateAsync(SecretBook book, int entry, CancellationToken cancellationToken)
    {
        foreach (var next in book.WithNeeds(entry))
        {
            if (_failed.TryGetValue(next, out var failure)) throw failure;
            if (_made.ContainsKey(next)) continue;
            try
            {
                _made[next] = await MakeAsync(book, next, cancellationToken).ConfigureAwait(false);
                Register(book.Entries[next].Key, _made[next]);
            }
            catch (KamalException exception)
            {
                throw _failed[next] = Describe(book.Entries[next], exception);
            }
        }

        return _made[entry];
    }

    /// <summary>Makes a value known to whoever shows text; of what a password manager was asked for, each value by itself.</summary>
    private void Register(string name, SecretText made)
    {
        _register.Add(name, new(made.Text));
        if (made.Json is not { } json) return;
        _register.Add(name, new(json));
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return;
            foreach (var one in document.RootElement.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.String))
            {
                _register.Add(one.Name, new(one.Value.GetString()!));
            }
        }
        catch (JsonException)
        {
            // Not what a fetch prints; the whole is known.
        }
    }

    /// <summary>A part of a longer value, which is as secret as the whole where its name says so.</summary>
    private async Task<string> ExpandAsync(SecretPart.Variable variable, SecretScope scope, CancellationToken cancellationToken)
    {
        var text = scope.Expand(variable.Name, variable.Default.IsEmpty ? variable.Fallback : null);
        if (text.Length == 0 && !variable.Default.IsEmpty) return await ExpandAsync(variable.Default, scope, cancellationToken)
            .ConfigureAwait(false);
        if (LiteralSecrets.IsSecretName(variable.Name)) _register.Add(variable.Name, new(text));
        return text;
    }

    private async Task<SecretText> MakeAsync(SecretBook book, int index, CancellationToken cancellationToken)
    {
        var parts = book.Entries[index].Parts;
        var scope = new SecretScope(name => book.FindBefore(index, name) is { } before ? _made[before] : null, _environment);
        if (parts is [SecretPart.Variable { Fallback: null } same] && scope.Find(same.Name) is { } copy) return copy;
        if (parts is [SecretPart.Command only]) return await RunAsync(only.Template, scope, cancellationToken).ConfigureAwait(false);
        return new(await ExpandAsync(parts, scope, cancellationToken).ConfigureAwait(false));
    }

    private async Task<string> ExpandAsync(ImmutableArray<SecretPart> parts, SecretScope scope, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part switch
            {
                SecretPart.Literal literal => literal.Text,
                SecretPart.Variable variable => await ExpandAsync(variable, scope, cancellationToken).ConfigureAwait(false),
                SecretPart.Command command => (await RunAsync(command.Template, scope, cancellationToken).ConfigureAwait(false)).Text,
                _ => throw new InvalidOperationException("Unknown part."),
            });
            if (text.Length > MaximumLength)
            {
                throw new KamalException(
                    KamalErrorId.SecretUnavailable, $"its value is longer than {MaximumLength / 1024} thousand characters");
            }
        }

        return text.ToString();
    }

    private async Task<SecretText> RunAsync(CommandTemplate template, SecretScope scope, CancellationToken cancellationToken)
    {
        if (template.Inline is { } inline) return await RunInlineAsync(inline, scope, cancellationToken).ConfigureAwait(false);
        var nested = new Dictionary<InlineCommand, SecretText>();
        foreach (var segment in template.Segments)
        {
            if (segment.Nested is { } command) nested[command] = await RunInlineAsync(command, scope, cancellationToken)
                .ConfigureAwait(false);
        }

        var local = _shell.Render(template, scope, nested) with { WorkingDirectory = _files.ProjectDirectory };
        if (_files.Destination is { } destination) local = local.WithVariable("KAMAL_DESTINATION", destination);
        var result = await _runner.RunAsync(local, lines: null, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded) throw Failure(template, result);
        var output = Chomp(result.ReadOutput());
        _register.Add("", new(output));
        return new(output);
    }

    private Task<SecretText> RunInlineAsync(InlineCommand command, SecretScope scope, CancellationToken cancellationToken) =>
        _inline.RunAsync(command, scope, (template, token) => RunAsync(template, scope, token), cancellationToken);

    private KamalException Failure(CommandTemplate template, LocalResult result)
    {
        var error = _register.Redactor.Redact(result.ReadError().Trim());
        var quoted = error.Length == 0 ? "" : ":\n" + error;
        return new(KamalErrorId.SecretUnavailable, $"{template.Program} in {_shell.Name} ended with exit code {result.ExitCode}{quoted}")
        {
            ExitCode = result.ExitCode,
            Command = template.ToString(),
            Output = error,
        };
    }

    private static KamalException Describe(SecretEntry entry, KamalException cause) => new(
        cause.Id is KamalErrorId.LocalToolMissing ? cause.Id : KamalErrorId.SecretUnavailable,
        string.Create(CultureInfo.InvariantCulture, $"The secret {entry.Key} ({entry.File}:{entry.Line}) has no value: {cause.Message}"),
        cause)
    {
        ExitCode = cause.ExitCode,
        Command = cause.Command,
        Output = cause.Output,
        Recommendation = cause.Recommendation,
    };

    /// <summary>Without the one line end at its end, as Ruby's chomp.</summary>
    private static string Chomp(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') || text.EndsWith('\r') ? text[..^1] : text;
}

/// <summary>A value while values are made: its text, and the JSON that it is the shell-escaped form of, if it is a fetch's.</summary>
/// <remarks>A class, not a record: a record would print its members.</remarks>
internal sealed class SecretText(string text, string? json = null)
{
    /// <summary>The value.</summary>
    public string Text { get; } = text;

    /// <summary>What <c>kamal secrets fetch</c> found, before it was escaped; null for other values.</summary>
    public string? Json { get; } = json;

    /// <summary>The value for a place that takes it as one word.</summary>
    public string Word => Json ?? Text;

    /// <inheritdoc/>
    public override string ToString() => "[REDACTED]";
}
