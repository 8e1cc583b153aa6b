using System.Collections;
using System.Management.Automation;

namespace Kamal.CommandLine;

/// <summary>
/// Words of a command line as PowerShell hands them on: numbers as they were written, lists with their commas, <c>-Name:</c> put together with its
/// value again. An object that is no text, such as a credential, is kept beside its word.
/// </summary>
internal sealed class LineWords
{
    private readonly Dictionary<string, object> _objects = new(StringComparer.Ordinal);

    public LineWords(IEnumerable<object?> arguments)
    {
        List<string> words = [];
        var attached = false;
        foreach (var argument in arguments)
        {
            var word = Word(argument);
            if (attached) words[^1] += word;
            else words.Add(word);
            // PowerShell splits -Confirm:$false into two.
            attached = argument is not null && word is ['-', not '-', _, .., ':'];
        }

        Words = words;
    }

    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>What a value was before it became a word.</summary>
    public object Restore(object value) => value is string word && _objects.TryGetValue(word, out var original) ? original : value;

    private string Word(object? argument)
    {
        switch (argument is PSObject wrapped ? wrapped.BaseObject : argument)
        {
            case null:
                return "";
            case IEnumerable list and not string and not IDictionary:
                return string.Join(',', list.Cast<object?>().Select(Word));
            case PSCredential credential:
                var word = $"credential-{_objects.Count}";
                _objects[word] = credential;
                return word;
            default:
                // 007 and 1.10 are versions; PowerShell remembers how a number was written.
                return LanguagePrimitives.ConvertTo<string>(argument);
        }
    }
}
