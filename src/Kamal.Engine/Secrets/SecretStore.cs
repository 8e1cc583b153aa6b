using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Kamal.Common;
using Kamal.Engine.Local;

namespace Kamal.Engine.Secrets;

/// <summary>The secrets of a project and destination, read from its files when the first one is wanted.</summary>
/// <remarks>
/// A value is made when it is wanted, at most once, and one at a time: a command may ask the operator something. What
/// a command prints is never expanded again.
/// </remarks>
public sealed class SecretStore : ISecretStore, IDisposable
{
    private readonly SecretFiles _files;
    private readonly SecretEvaluator _evaluator;
    private readonly Func<string, string?> _environment;
    private readonly SemaphoreSlim _gate = new(1, 1);

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private SecretBook? _book;
    private readonly List<string> _warnings = [];
    private bool _warned;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly SecretRegister _register;
    private readonly Action<string>? _warn;

    /// <summary>Creates a store; no file is read yet.</summary>
    /// <param name="files">Where the secrets are.</param>
    /// <param name="runner">Runs the commands in the files.</param>
    /// <param name="vaults">Serves <c>$(kamal secrets fetch …)</c>; null for the password managers' own programs.</param>
    /// <param name="environment">Reads environment variables; null for this process's own.</param>
    /// <param name="register">Gets to know each value that is made; null for a register of its own.</param>
    /// <param name="warn">Told of each line of the files that is ignored, once, when the first secret is wanted.</param>
    public SecretStore(
        SecretFiles files, ILocalRunner runner, IVaultClient? vaults = null, Func<string, string?>? environment = null,
        SecretRegister? register = null, Action<string>? warn = null)
    {
        _warn = warn;
        _register = register ?? new();
        _files = files;
        var read = environment ?? OperatorVariables.Read;
        _environment = name => name == "KAMAL_DESTINATION" && files.Destination is not null ? files.Destination : read(name);
        _evaluator = new(files, runner, vaults ?? new VaultClient(runner, files.ProjectDirectory, read), _environment, _register);
    }

    private SecretStore(
        SecretFiles files, SecretEvaluator evaluator, Func<string, string?> environment, SecretRegister register, SecretBook book)
    {
        _files = files;
        _evaluator = evaluator;
        _environment = environment;
        _register = register;
        _book = book;
    }

    /// <inheritdoc/>
    public Task<SecretValue> GetAsync(string name, CancellationToken cancellationToken) =>
        LockedAsync((book, token) => MakeAsync(book, FindEntry(name, book), token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SecretResult>> GetAllAsync(CancellationToken cancellationToken) => LockedAsync<IReadOnlyList<SecretResult>>(
        async (book, token) =>
        {
            List<SecretResult> all = [];
            foreach (var (name, entry) in book.Final)
            {
                try
                {
                    all.Add(new(name, await MakeAsync(book, entry, token).ConfigureAwait(false)));
                }
                catch (KamalException failure)
                {
                    all.Add(new(name, null, failure));
                }
            }

            return all;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyValuePair<string, SecretValue>>> ListAsync(CancellationToken cancellationToken) => LockedAsync(
        (book, _) =>
        {
            // It outlives this store, which its run disposes of; nothing else uses the evaluator by then.
            var later = new SecretStore(_files, _evaluator, _environment, _register, book);
            SecretValue Later(string name) => new(() => later.GetAsync(name, CancellationToken.None).GetAwaiter().GetResult().Reveal());
            IReadOnlyList<KeyValuePair<string, SecretValue>> all =
            [
                .. book.Final.Select(secret => KeyValuePair.Create(secret.Name, Later(secret.Name))),
            ];
            return Task.FromResult(all);
        },
        cancellationToken);

    /// <summary>The names of all secrets, in the order of the files. Runs no command.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    public Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) =>
        LockedAsync((book, _) => Task.FromResult<IReadOnlyList<string>>([.. book.Final.Select(secret => secret.Name)]), cancellationToken);

    /// <summary>Makes sure that a secret is in the files. Runs no command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.SecretUnavailable"/>: it is in no file.</exception>
    public Task RequireAsync(string name, CancellationToken cancellationToken) =>
        LockedAsync((book, _) => Task.FromResult(FindEntry(name, book)), cancellationToken);

    /// <summary>
    /// Makes every value that needs no command and no password manager, so that it is known before a program may print it.
    /// A file that cannot be read or a value that cannot be made is nobody's error yet: it is one where it is wanted.
    /// </summary>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task RevealPlainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LockedAsync(warns: false, async (book, token) =>
            {
                foreach (var (_, entry) in book.Final)
                {
                    if (RunsCommand(book, entry)) continue;
                    await _evaluator.EvaluateAsync(book, entry, token).ConfigureAwait(false);
                }

                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (KamalException)
        {
            // Whoever wants the secret gets the error.
        }
    }

    /// <summary>
    /// What is to be known of values that environment files change: a backslash is written doubled, as Kamal does, and Docker does not undo
    /// it. Looks at what needs no command.
    /// </summary>
    /// <param name="names">The secrets that environment files have.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConfigurationInvalid"/>: a file has errors.</exception>
    public Task<IReadOnlyList<string>> FindChangedAsync(IReadOnlySet<string> names, CancellationToken cancellationToken) =>
        LockedAsync<IReadOnlyList<string>>(async (book, token) =>
        {
            List<string> found = [];
            foreach (var (name, entry) in book.Final.Where(secret => names.Contains(secret.Name) && !RunsCommand(book, secret.Entry)))
            {
                var value = await MakeAsync(book, entry, token).ConfigureAwait(false);
                if (!value.Reveal().Contains('\\', StringComparison.Ordinal)) continue;
                var (file, line) = (book.Entries[entry].File, book.Entries[entry].Line);
                found.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"{file}:{line}: {name} has a backslash. Kamal writes it doubled to the environment file, and Docker does not " +
                    $"undo that, ")
                    + "so the container receives two.");
            }

            return found;
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private Task<TResult> LockedAsync<TResult>(
        Func<SecretBook, CancellationToken, Task<TResult>> action, CancellationToken cancellationToken) =>
        LockedAsync(warns: true, action, cancellationToken);

    private async Task<TResult> LockedAsync<TResult>(
        bool warns, Func<SecretBook, CancellationToken, Task<TResult>> action, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            try
            {
                _book ??= await ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (warns) Warn();
            }

            return await action(_book, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<SecretValue> MakeAsync(SecretBook book, int entry, CancellationToken cancellationToken) =>
        new((await _evaluator.EvaluateAsync(book, entry, cancellationToken).ConfigureAwait(false)).Text);

    private static bool RunsCommand(SecretBook book, int entry) =>
        book.WithNeeds(entry).Any(need => book.Entries[need].Parts.Any(part => part.RunsCommand));

    private int FindEntry(string name, SecretBook book) => book.Find(name) ?? throw NotFound(name, book);

    private void Warn()
    {
        foreach (var warning in _warnings) _warn?.Invoke(warning);
        if (_warnings.Count > 0) _warned = true;
        _warnings.Clear();
    }

    private async Task<SecretBook> ReadAsync(CancellationToken cancellationToken)
    {
        _warnings.Clear();
        var legacy = _environment("DOTENV_LINEBREAK_MODE") == "legacy";
        var entries = ImmutableArray.CreateBuilder<SecretEntry>();
        var read = ImmutableArray.CreateBuilder<string>();
        foreach (var name in _files.Names)
        {
            if (await ReadFileAsync(name, cancellationToken).ConfigureAwait(false) is not { } text) continue;
            read.Add(name);
            entries.AddRange(SecretsFileParser.Parse(text, name, legacy, warning =>
            {
                if (!_warned) _warnings.Add(warning);
            }));
        }

        return new(entries.ToImmutable(), read.ToImmutable());
    }

    private async Task<string?> ReadFileAsync(string name, CancellationToken cancellationToken)
    {
        var path = _files.PathOf(name);
        if (!File.Exists(path)) return null;
        try
        {
            var bytes = await BoundedFile.ReadAsync(path, 4 * SecretsFileParser.MaximumLength, cancellationToken).ConfigureAwait(false);
            if (BoundedFile.IsUtf16(bytes)) throw IsUtf16(name);
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new KamalException(KamalErrorId.ConfigurationInvalid, $"{name} is not UTF-8 text.")
            {
                Recommendation = "Save the file as UTF-8.",
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KamalException(KamalErrorId.FileUnavailable, $"{name} cannot be read: {exception.Message}", exception);
        }
    }

    private static KamalException IsUtf16(string name) =>
        new(KamalErrorId.ConfigurationInvalid, $"{name} is UTF-16 text, which Windows PowerShell writes with `>` and Out-File.")
        {
            Recommendation = $"Save the file as UTF-8. In PowerShell 7: (Get-Content {name}) | Set-Content {name}",
        };

    private KamalException NotFound(string name, SecretBook book) => book.Files.Length == 0
        ? new(
            KamalErrorId.SecretUnavailable,
            $"Secret '{name}' not found: there is no file of secrets ({string.Join(", ", _files.Names)}).")
        {
            Recommendation = $"Create {_files.Names[1]} with {name}=…",
        }
        : new(KamalErrorId.SecretUnavailable, $"Secret '{name}' not found in {string.Join(", ", book.Files)}.")
        {
            Recommendation = $"Add {name}=… to {book.Files[^1]}.",
        };
}
