using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Kamal.Engine.Values;

/// <summary>
/// An immutable command line for a POSIX shell. Rendering is separate from running, so that the text
/// in a preview, in a test and on the host is the same.
/// </summary>
public sealed class ShellCommand : IEquatable<ShellCommand>
{
    private readonly ImmutableArray<ShellWord> _words;

    private ShellCommand(ImmutableArray<ShellWord> words) => _words = words;

    /// <summary>A command of words; a plain string is quoted as a literal.</summary>
    /// <param name="words">The program and its arguments.</param>
    public static ShellCommand Of(params ReadOnlySpan<ShellWord> words) => new([.. words]);

    /// <summary>Constant shell text, which is not quoted; see <see cref="ShellWord.Raw(string)"/>.</summary>
    /// <param name="text">The shell text.</param>
    public static ShellCommand Raw([ConstantExpected] string text) => new([ShellWord.Raw(text)]);

    /// <summary>Shell text with words in it; see <see cref="ShellWord.Raw(ShellText)"/>.</summary>
    /// <param name="text">The shell text.</param>
    public static ShellCommand Raw(ShellText text) => new([ShellWord.Raw(text)]);

    /// <summary>A user's command line for the host's shell; see <see cref="ShellWord.CommandLine"/>.</summary>
    /// <param name="text">The command line.</param>
    public static ShellCommand CommandLine(string text) => new([ShellWord.CommandLine(text)]);

    /// <summary>A command that is only displayed and cannot run.</summary>
    /// <param name="display">The text to display.</param>
    internal static ShellCommand Shown(string display) => new([ShellWord.Shown(display)]);

    /// <summary>The text as the shell reads it.</summary>
    public string Text => string.Join(' ', _words.Select(word => word.Text));

    /// <summary>The text to display, with secrets redacted.</summary>
    public string Display => string.Join(' ', _words.Select(word => word.Display));

    /// <summary>Appends words.</summary>
    /// <param name="words">Words to append.</param>
    public ShellCommand Add(params ReadOnlySpan<ShellWord> words) => new([.. _words, .. words]);

    /// <summary>Appends words.</summary>
    /// <param name="words">Words to append.</param>
    public ShellCommand AddRange(IEnumerable<ShellWord> words) => new(_words.AddRange(words));

    /// <summary>Appends the words of a command, for example to variable assignments.</summary>
    /// <param name="command">The command.</param>
    public ShellCommand AddCommand(ShellCommand command) => new([.. _words, .. command._words]);

    /// <summary>Appends words if <paramref name="condition"/> is true.</summary>
    /// <param name="condition">Whether to append.</param>
    /// <param name="words">Words to append.</param>
    public ShellCommand AddIf(bool condition, params ReadOnlySpan<ShellWord> words) => condition ? Add(words) : this;

    /// <summary><c>this &amp;&amp; next</c>.</summary>
    /// <param name="next">Runs when this one succeeds.</param>
    public ShellCommand And(ShellCommand next) => Infix("&&", next);

    /// <summary><c>this || next</c>.</summary>
    /// <param name="next">Runs when this one fails.</param>
    public ShellCommand Or(ShellCommand next) => Infix("||", next);

    /// <summary><c>this ; next</c>.</summary>
    /// <param name="next">Always runs afterwards.</param>
    public ShellCommand Then(ShellCommand next) => Infix(";", next);

    /// <summary><c>this | next</c>.</summary>
    /// <param name="next">Reads this one's output.</param>
    public ShellCommand Pipe(ShellCommand next) => Infix("|", next);

    /// <summary><c>this | xargs next</c>.</summary>
    /// <param name="next">Gets this one's output as arguments; xargs runs it once even without output.</param>
    public ShellCommand PipeToXargs(ShellCommand next) => Infix("| xargs", next);

    /// <summary><c>{ this; }</c>, to use it as one operand.</summary>
    public ShellCommand Group() => new([ShellWord.Raw("{"), .. _words, ShellWord.Raw("; }")]);

    /// <summary><c>this &gt; file</c>.</summary>
    /// <param name="file">The file to write.</param>
    public ShellCommand RedirectTo(ShellWord file) => Add(ShellWord.Raw(">"), file);

    /// <summary><c>this &gt;&gt; file</c>.</summary>
    /// <param name="file">The file to append to.</param>
    public ShellCommand AppendTo(ShellWord file) => Add(ShellWord.Raw(">>"), file);

    /// <summary><c>this 2&gt;/dev/null</c>.</summary>
    public ShellCommand DiscardErrors() => Add(ShellWord.Raw("2>/dev/null"));

    /// <summary><c>this &gt;/dev/null</c>.</summary>
    public ShellCommand DiscardOutput() => Add(ShellWord.Raw(">/dev/null"));

    /// <summary><c>this 2&gt;&amp;1</c>.</summary>
    public ShellCommand MergeErrors() => Add(ShellWord.Raw("2>&1"));

    /// <summary><c>this &gt;&amp;2</c>.</summary>
    public ShellCommand MergeOutputIntoErrors() => Add(ShellWord.Raw(">&2"));

    /// <summary>This command inside another shell: <c>sh -c 'this'</c>.</summary>
    public ShellCommand InShell() => Of("sh", "-c", ShellWord.Quoted(this));

    /// <inheritdoc/>
    public bool Equals(ShellCommand? other) => other is not null && Text == other.Text && Display == other.Display;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ShellCommand);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The display text, so that no log can hold a secret by accident.</summary>
    public override string ToString() => Display;

    private ShellCommand Infix([ConstantExpected] string op, ShellCommand next) => new([.. _words, ShellWord.Raw(op), .. next._words]);
}
