using System.Collections;
using System.Management.Automation;

namespace Kamal.CommandLine;

/// <summary>
/// Restores the words of a command line from PowerShell's arguments: numbers as written, lists with their commas, <c>-Name:</c> joined with
/// its value. A credential gets a word in its place.
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
            // PowerShell splits -Confirm:$false into two arguments.
            attached = argument is not null && word is ['-', not '-', _, .., ':'];
        }

        Words = words;
    }

    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The object that a word stands for, or the word itself.</summary>
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
                // PowerShell keeps how a number was written, so versions such as 007 and 1.10 are unchanged.
                return LanguagePrimitives.ConvertTo<string>(argument);
        }
    }
}
