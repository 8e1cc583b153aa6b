using System.Diagnostics;
using Kamal.Engine.Secrets.Redaction;

namespace Kamal.Engine.Secrets;

/// <summary>
/// The secrets that are known so far, from every source: the secrets files, deploy.yml, an operator's answers. Whoever shows
/// text asks it for the redactor. Safe for concurrent use.
/// </summary>
/// <param name="parent">Holds more of them, as those of the whole session; null for none.</param>
public sealed class SecretRegister(SecretRegister? parent = null)
{
    private readonly Lock _lock = new();

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly HashSet<KeyValuePair<string, SecretValue>> _secrets = [];
    private readonly HashSet<string> _public = new(StringComparer.Ordinal);
    private readonly SecretForms _forms = new();
    private int _changes;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private volatile Known? _known;

    /// <summary>Takes everything out that is known by now.</summary>
    public SecretRedactor Redactor
    {
        get
        {
            // A run that was given no secrets of its own shares the session's.
            if (parent is not null && Volatile.Read(ref _changes) == 0) return parent.Redactor;
            var changes = Changes;
            if (_known is { } current && current.Changes == changes) return current.Redactor;
            lock (_lock)
            {
                if (_known is { } made && made.Changes == changes) return made.Redactor;
                var words = PublicWords().ToHashSet(StringComparer.Ordinal);
                var redactor = SecretRedactor.OfNamed(All().Where(secret => !words.Contains(secret.Value.Reveal().Trim())), _forms);
                _known = new(changes, redactor);
                return redactor;
            }
        }
    }

    /// <summary>Grows whenever something becomes known.</summary>
    public int Changes => Volatile.Read(ref _changes) + (parent?.Changes ?? 0);

    /// <summary>The single lines that a CI service has to mask, so that no other program of the job shows a secret.</summary>
    public IReadOnlyCollection<string> Masks()
    {
        var words = PublicWords().ToHashSet(StringComparer.Ordinal);
        return [.. All().Select(secret => secret.Value.Reveal()).Where(value => !words.Contains(value.Trim())).SelectMany(SecretForms.Masks)
            .Where(mask => !words.Contains(mask)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Adds a secret.</summary>
    /// <param name="name">Its name; empty if it has none.</param>
    /// <param name="value">The secret.</param>
    public void Add(string name, SecretValue value)
    {
        lock (_lock)
        {
            if (_secrets.Add(new(name, value))) Interlocked.Increment(ref _changes);
        }
    }

    /// <summary>
    /// Says that words are public: names that the configuration shows, as of the service. A "secret" that is one of them
    /// (<c>POSTGRES_DB=shop</c>) is left in texts, which would not be readable without it.
    /// </summary>
    /// <param name="words">The words.</param>
    public void Publish(IEnumerable<string> words)
    {
        lock (_lock)
        {
            foreach (var word in words)
            {
                if (_public.Add(word)) Interlocked.Increment(ref _changes);
            }
        }
    }

    /// <summary>Says nothing of what it holds.</summary>
    public override string ToString() => nameof(SecretRegister);

    private List<KeyValuePair<string, SecretValue>> All()
    {
        lock (_lock) return [.. _secrets, .. parent?.All() ?? []];
    }

    private List<string> PublicWords()
    {
        lock (_lock) return [.. _public, .. parent?.PublicWords() ?? []];
    }

    /// <summary>A redactor, and for which state it was made.</summary>
    private sealed class Known(int changes, SecretRedactor redactor)
    {
        public int Changes => changes;

        public SecretRedactor Redactor => redactor;
    }
}
