using System.Collections.Immutable;
using System.Text;

namespace Kamal.Engine.Secrets;

/// <summary>A piece of a value in a secrets file. Never shows its text: it may be the secret.</summary>
internal abstract class SecretPart
{
    private const int MaximumDepth = 16;

    /// <summary>Text that is the value as it stands.</summary>
    internal sealed class Literal(string text) : SecretPart
    {
        public string Text { get; } = text;
    }

    /// <summary><c>$NAME</c> or <c>${NAME}</c>; with a default also <c>${NAME:-text}</c>.</summary>
    internal sealed class Variable(string name, string? fallback, int depth = 0) : SecretPart
    {
        public string Name { get; } = name;

        /// <summary>The pieces of a default that is more than plain text; empty if there is none.</summary>
        public ImmutableArray<SecretPart> Default { get; } =
            fallback?.Contains('$', StringComparison.Ordinal) == true ? Parse(fallback, depth + 1) : [];

        /// <summary>What stands for an unset or empty variable, or null.</summary>
        public string? Fallback { get; } = fallback;
    }

    /// <summary><c>$(command)</c>.</summary>
    internal sealed class Command(CommandTemplate template) : SecretPart
    {
        public CommandTemplate Template { get; } = template;
    }

    /// <summary>Whether making it may run a command.</summary>
    public bool RunsCommand => this is Command || (this is Variable variable && variable.Default.Any(part => part.RunsCommand));

    /// <summary>The names of variables that a part refers to.</summary>
    public IEnumerable<string> References => this switch
    {
        Variable variable => [variable.Name, .. variable.Default.SelectMany(part => part.References)],
        Command command => command.Template.References,
        _ => [],
    };

    /// <summary>Takes a value apart.</summary>
    /// <param name="value">The value without its quotes, unescaped.</param>
    /// <param name="depth">How deep it stands in defaults of variables.</param>
    /// <exception cref="FormatException">A substitution is not closed, or is one that only a shell has.</exception>
    public static ImmutableArray<SecretPart> Parse(string value, int depth = 0)
    {
        if (depth > MaximumDepth) throw new FormatException($"defaults are nested more than {MaximumDepth} deep");
        var parts = ImmutableArray.CreateBuilder<SecretPart>();
        var literal = new StringBuilder();
        var plainUntil = 0;
        for (var i = 0; i < value.Length;)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] == '$')
            {
                // An escaped command is text to its end; only variables in it still stand for their values.
                if (i >= plainUntil && i + 2 < value.Length && value[i + 2] == '(')
                {
                    var closing = ShellContext.FindClosing(value, i + 2, value.Length);
                    plainUntil = closing < 0 ? value.Length : closing;
                }

                i = CopyReference(value, i + 1, literal);
                continue;
            }

            var part = value[i] == '$' ? ReadSubstitution(value, ref i, plainUntil, depth) : null;
            if (part is null)
            {
                literal.Append(value[i++]);
                continue;
            }

            if (literal.Length > 0) parts.Add(new Literal(literal.ToString()));
            literal.Clear();
            parts.Add(part);
        }

        if (literal.Length > 0) parts.Add(new Literal(literal.ToString()));
        return parts.ToImmutable();
    }

    /// <summary>Only says what kind it is.</summary>
    public override string ToString() => $"{GetType().Name} [REDACTED]";

    private static int CopyReference(string value, int dollar, StringBuilder literal)
    {
        var end = VariableReference.Read(value, dollar)?.End ?? dollar + 1;
        literal.Append(value, dollar, end - dollar);
        return end;
    }

    private static SecretPart? ReadSubstitution(string value, ref int index, int plainUntil, int depth)
    {
        if (index + 1 < value.Length && value[index + 1] == '(')
        {
            if (index < plainUntil) return null;
            var closing = ShellContext.FindClosing(value, index + 1, value.Length);
            if (closing < 0) throw new FormatException("`$(` is not closed");
            if (closing == index + 2) return null;
            var text = value[(index + 2)..closing];
            index = closing + 1;
            return new Command(CommandTemplate.Parse(text));
        }

        if (VariableReference.Read(value, index) is not { } reference) return null;
        if (reference.Problem is { } problem) throw new FormatException(problem);
        index = reference.End;
        return new Variable(reference.Name, reference.Fallback, depth);
    }
}
