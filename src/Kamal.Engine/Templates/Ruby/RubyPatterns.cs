using System.Text;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Ruby's regular expressions as .NET's; what means something else there is refused.</summary>
internal static class RubyPatterns
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static RubyPattern Create(string source, string options)
    {
        var flags = RegexOptions.Multiline | RegexOptions.CultureInvariant;
        // With named groups, Ruby does not capture the others.
        if (source.Contains("(?<", StringComparison.Ordinal) && source.Split("(?<").Skip(1).Any(name =>
            name.Length > 0 && char.IsAsciiLetter(name[0])))
        {
            flags |= RegexOptions.ExplicitCapture;
        }

        foreach (var option in options)
        {
            flags |= option switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                'o' or 'u' => RegexOptions.None,
                _ => throw TemplateError.Unsupported($"the option {option} of a regular expression"),
            };
        }

        try
        {
            return new(source, options, new(Translate(source), flags, Limit));
        }
        catch (ArgumentException)
        {
            throw TemplateError.Unsupported("this regular expression");
        }
    }

    /// <summary>The regular expression that matches a text as it stands.</summary>
    public static RubyPattern Literal(string text) => new(text, "", new(Regex.Escape(text), RegexOptions.CultureInvariant, Limit));

    /// <summary>Runs something that takes too long on unlucky texts.</summary>
    public static T Run<T>(Func<T> match)
    {
        try
        {
            return match();
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TemplateError("the regular expression takes too long");
        }
    }

    private static string Translate(string source)
    {
        var text = new StringBuilder();
        var inClass = false;
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            if (c == '\\' && i + 1 < source.Length)
            {
                Escape(text, source[++i], inClass);
                continue;
            }

            if (inClass)
            {
                if (c == '[' && source.AsSpan(i).StartsWith("[:")) Posix(text, source, ref i);
                else if (c == '[' || source.AsSpan(i).StartsWith("&&"))
                {
                    throw TemplateError.Unsupported("a nested class in a regular expression");
                }
                else if (c == '-' && text[^1] == '-') throw TemplateError.Unsupported("this class in a regular expression");
                else text.Append(c);
                inClass = c != ']' || text[^1] == '[' && text.Length < 2;
                continue;
            }

            if (c == '[')
            {
                inClass = true;
                text.Append(c);
                if (i + 1 < source.Length && source[i + 1] == '^') text.Append(source[++i]);
                if (i + 1 < source.Length
                    && source[i + 1] == ']') throw TemplateError.Unsupported("an empty class in a regular expression");
                continue;
            }

            // Possessive quantifiers, absence operators and conditions differ; $ of .NET is the same in multi-line mode.
            if (c == '+' && i > 0 && source[i - 1] is '+' or '*' or '?' or '}' && !(i > 1
                && source[i - 2] == '\\')) throw TemplateError.Unsupported("a possessive quantifier");
            if (source.AsSpan(i).StartsWith("(?~") || source.AsSpan(i).StartsWith("(?(") || source.AsSpan(i).StartsWith("(?m")
                || source.AsSpan(i).StartsWith("(?-") || source.AsSpan(i).StartsWith("(?s"))
            {
                throw TemplateError.Unsupported("this group of a regular expression");
            }

            text.Append(c);
        }

        return text.ToString();
    }

    private static void Escape(StringBuilder text, char c, bool inClass)
    {
        text.Append(c switch
        {
            'h' => inClass ? "0-9a-fA-F" : "[0-9a-fA-F]",
            'H' when !inClass => "[^0-9a-fA-F]",
            'd' => inClass ? "0-9" : "[0-9]",
            'D' when !inClass => "[^0-9]",
            'w' => inClass ? "a-zA-Z0-9_" : "[a-zA-Z0-9_]",
            'W' when !inClass => "[^a-zA-Z0-9_]",
            's' => inClass ? @" \t\r\n\f\v" : @"[ \t\r\n\f\v]",
            'S' when !inClass => @"[^ \t\r\n\f\v]",
            'A' or 'z' or 'Z' or 'b' or 'B' or 'n' or 't' or 'r' or 'f' or 'v' or 'e' or 'a' or 'k' or 'x' => "\\" + c,
            >= '1' and <= '9' => "\\" + c,
            '/' => "/",
            _ when !char.IsLetterOrDigit(c) => "\\" + c,
            _ => throw TemplateError.Unsupported($"\\{c} in a regular expression"),
        });
    }

    private static void Posix(StringBuilder text, string source, ref int i)
    {
        var end = source.IndexOf(":]", i, StringComparison.Ordinal);
        text.Append((end < 0 ? "" : source[(i + 2)..end]) switch
        {
            "alpha" => @"\p{L}",
            "digit" => "0-9",
            "alnum" => @"\p{L}0-9",
            "space" => @"\s",
            "upper" => @"\p{Lu}",
            "lower" => @"\p{Ll}",
            "xdigit" => "0-9a-fA-F",
            _ => throw TemplateError.Unsupported("this class in a regular expression"),
        });
        i = end + 1;
    }

    /// <summary>A replacement with its references: <c>\1</c>, <c>\0</c>, <c>\k&lt;name&gt;</c>.</summary>
    public static string Expand(string replacement, Match match)
    {
        if (!replacement.Contains('\\', StringComparison.Ordinal)) return replacement;
        var text = new StringBuilder();
        for (var i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] != '\\' || i + 1 == replacement.Length)
            {
                text.Append(replacement[i]);
                continue;
            }

            var c = replacement[++i];
            if (char.IsAsciiDigit(c)) text.Append(match.Groups[c - '0'].Value);
            else if (c == '\\') text.Append('\\');
            else if (c == 'k' && replacement.IndexOf('>', i) is > 0 and var end && i + 1 < replacement.Length && replacement[i + 1] == '<')
            {
                text.Append(match.Groups[replacement[(i + 2)..end]].Value);
                i = end;
            }
            else if (c is '&' or '`' or '\'') throw TemplateError.Unsupported($"\\{c} in a replacement");
            else text.Append('\\').Append(c);
        }

        return text.ToString();
    }
}
