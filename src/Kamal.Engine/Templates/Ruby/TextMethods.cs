using System.Globalization;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Methods of strings.</summary>
internal static partial class TextMethods
{
    private static readonly char[] White = [' ', '\t', '\n', '\v', '\f', '\r', '\0'];

    /// <summary>Methods with <c>!</c> that give nil where nothing changed; the others give the string.</summary>
    private static readonly HashSet<string> Changing =
        [
            "strip", "lstrip", "rstrip", "chomp", "chop", "upcase", "downcase", "capitalize", "swapcase", "gsub", "sub", "tr", "tr_s",
                "delete", "squeeze",
            "delete_prefix", "delete_suffix", "reverse",
        ];

    public static object? Call(RubyEvaluator ruby, RubyString self, string method, RubyArguments arguments)
    {
        if (method.EndsWith('!') && Changing.Contains(method[..^1])) return Change(ruby, self, method[..^1], arguments);
        var text = self.Value;
        // Lengths and indexes count characters, which are two in .NET outside the basic plane.
        if (text.Any(char.IsSurrogate)
            && method is not ("to_s" or "==" or "+" or "<<" or "strip" or "empty?" or "split" or "include?" or "chomp" or "to_json"
                or "lines" or "gsub" or "sub"))
        {
            return RubyEvaluator.NotFound;
        }

        return arguments.Count switch
        {
            0 => Plain(ruby, self, method, arguments),
            1 => arguments.Keywords is null ? WithOne(ruby, self, method, arguments[0], arguments) : RubyEvaluator.NotFound,
            _ => WithMore(ruby, self, method, arguments),
        };
    }

    private static object? Change(RubyEvaluator ruby, RubyString self, string method, RubyArguments arguments)
    {
        if (Call(ruby, self, method, arguments) is not string changed) return RubyEvaluator.NotFound;
        if (self.IsFrozen) throw new RubyError("FrozenError", "a frozen string cannot be changed");
        var isSame = changed == self.Value;
        self.Value = changed;
        return isSame && method != "reverse" ? null : self;
    }

    private static RubyString Set(RubyEvaluator ruby, RubyString self, string value)
    {
        if (self.IsFrozen) throw new RubyError("FrozenError", "a frozen string cannot be changed");
        ruby.Budget.Text(value.Length);
        self.Value = value;
        return self;
    }

    private static object? Plain(RubyEvaluator ruby, RubyString self, string method, RubyArguments arguments)
    {
        var text = self.Value;
        switch (method)
        {
            case "to_s" or "to_str": return self;
            case "to_sym" or "intern": return new RubySymbol(text);
            case "strip": return text.Trim(White);
            case "lstrip": return text.TrimStart(White);
            case "rstrip": return text.TrimEnd(White);
            case "chomp": return Chomp(text);
            case "chop": return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.Length == 0 ? text : text[..^1];
            case "chr": return text.Length == 0 ? text : text[..1];
            case "downcase": return Cased(text).ToLowerInvariant();
            case "upcase": return Cased(text).ToUpperInvariant();
            case "capitalize": return text.Length == 0 ? text : char.ToUpperInvariant(Cased(text)[0]) + text[1..].ToLowerInvariant();
            case "swapcase": return string.Concat(Cased(text).Select(c =>
                char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
            case "length" or "size": return text.Length;
            case "bytesize": return System.Text.Encoding.UTF8.GetByteCount(text);
            case "empty?": return text.Length == 0;
            case "to_i": return LeadingInteger(text, 10);
            case "to_f": return double.Parse("0" + Real().Match(text.TrimStart()).Value.TrimStart('+') is var found
                && found.StartsWith("0-", StringComparison.Ordinal)
                ? found[1..] : found, NumberStyles.Float, CultureInfo.InvariantCulture);
            case "hex": return LeadingInteger(text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text, 16);
            case "reverse": return new string([.. text.Reverse()]);
            case "chars": return RubyList.OfTexts(text.Select(c => c.ToString()));
            case "bytes": return new RubyList(System.Text.Encoding.UTF8.GetBytes(text).Select(b => (object?)(long)b));
            case "lines": return RubyList.OfTexts(Lines(ruby, text));
            case "split": return RubyList.OfTexts(Split(ruby, text, null, 0));
            case "succ" or "next": return Successor(text);
            case "ord": return text.Length == 0 ? throw new RubyError("ArgumentError", "an empty string has no .ord") : (long)text[0];
            case "squeeze": return Squeeze(text);
            case "each_line" or "each_char": return Each(ruby, self, method, arguments);
            case "encoding" or "unicode_normalize": return RubyEvaluator.NotFound;
            case "hash": return RubyEvaluator.NotFound;
            case "unpack" or "sum": return RubyEvaluator.NotFound;
            case "force_encoding" or "scrub" or "b": return RubyEvaluator.NotFound;
            case "ascii_only?": return text.All(char.IsAscii);
            case "valid_encoding?": return true;
            case "squish": return string.Join(' ', text.Split(White, StringSplitOptions.RemoveEmptyEntries));
            case "html_safe": return RubyEvaluator.NotFound;
            case "+@" or "dup" or "clone": return new RubyString(text);
            case "-@": return new RubyString(text) { IsFrozen = true };
            case "clear": return Set(ruby, self, "");
            case "shellescape": return ShellEscape(text);
            default: return RubyEvaluator.NotFound;
        }
    }

    private static object? WithOne(RubyEvaluator ruby, RubyString self, string method, object? argument, RubyArguments arguments)
    {
        var text = self.Value;
        switch (method, argument)
        {
            case ("+", RubyString other): return Joined(ruby, text, other.Value);
            case ("+", _): throw new RubyError("TypeError",
                $"a {RubyPrinter.ClassOf(argument)} cannot be added to a string; use \"#{{…}}\" or .to_s");
            case ("*", long count):
                if (count < 0) throw new RubyError("ArgumentError", "a string cannot be repeated less than no times");
                ruby.Budget.Text(Math.Min(text.Length * Math.Min(count, int.MaxValue), int.MaxValue));
                return string.Concat(Enumerable.Repeat(text, (int)count));
            case ("%", _): return RubyFormat.Format(ruby.Printer, text, argument is RubyList list ? list : [argument]);
            case ("<<" or "concat", RubyString other): return Set(ruby, self, Joined(ruby, text, other.Value));
            case ("replace", RubyString other): return Set(ruby, self, other.Value);
            case ("prepend", RubyString other): return Set(ruby, self, Joined(ruby, other.Value, text));
            case ("=~", RubyPattern pattern): return ruby.Match(pattern, text)?.Match.Index is { } at ? (long)at : null;
            case ("match", RubyPattern pattern): return ruby.Match(pattern, text);
            case ("match?", RubyPattern pattern): return RubyPatterns.Run(() => pattern.Regex.IsMatch(text));
            case ("[]" or "slice", _): return Slice(ruby, text, argument);
            case ("chomp", RubyString suffix):
                return suffix.Value.Length == 0 ? text.TrimEnd('\n') : suffix.Value == "\n" ? Chomp(text) : Without(text, suffix.Value);
            case ("delete_suffix", RubyString suffix): return Without(text, suffix.Value);
            case ("delete_prefix", RubyString prefix):
                return text.StartsWith(prefix.Value, StringComparison.Ordinal) ? text[prefix.Value.Length..] : text;
            case ("include?", RubyString part): return text.Contains(part.Value, StringComparison.Ordinal);
            case ("start_with?" or "end_with?", _): return Ends(ruby, text, method, arguments);
            case ("index", RubyString part): return Found(text.IndexOf(part.Value, StringComparison.Ordinal));
            case ("index", RubyPattern pattern): return ruby.Match(pattern, text) is { } hit ? (long)hit.Match.Index : null;
            case ("rindex", RubyString part): return Found(text.LastIndexOf(part.Value, StringComparison.Ordinal));
            case ("split", null or RubyString or RubyPattern): return RubyList.OfTexts(Split(ruby, text, argument, 0));
            case ("lines", _): return RubyEvaluator.NotFound;
            case ("to_i", long radix and >= 2 and <= 36): return LeadingInteger(text, (int)radix);
            case ("ljust" or "rjust" or "center", long): return Pad(ruby, text, method, arguments.Number(0), " ");
            case ("scan", _): return Scan(ruby, text, PatternOf(argument), arguments.Block);
            case ("sub" or "gsub", RubyString or RubyPattern) when arguments.Block is { } block:
                return Replace(ruby, text, PatternOf(argument), method == "gsub", match =>
                    ruby.Printer.Print(block.Call(new RubyString(match.Value))));
            case ("partition" or "rpartition", RubyString by): return Partition(text, by.Value, method == "rpartition");
            case ("partition", RubyPattern by):
                return ruby.Match(by, text) is { Match: var cut }
                    ? RubyList.OfTexts([text[..cut.Index], cut.Value, text[(cut.Index + cut.Length)..]]) : RubyList.OfTexts([text, "", ""]);
            case ("delete", RubyString set):
                return string.Concat(text.Where(CharacterSet(set.Value) is var has ? c => !has(c) : _ => false));
            case ("count", RubyString set): return (long)text.Count(CharacterSet(set.Value));
            case ("squeeze", RubyString set): return Squeeze(text, CharacterSet(set.Value));
            case ("each_char" or "each_line", _): return RubyEvaluator.NotFound;
            case ("casecmp?", RubyString other):
                return string.Equals(Cased(text).ToLowerInvariant(), Cased(other.Value).ToLowerInvariant(), StringComparison.Ordinal);
            case ("casecmp", RubyString other):
                return RubyEquality.Order(new RubyString(Cased(text).ToLowerInvariant()),
                    new RubyString(Cased(other.Value).ToLowerInvariant()));
            case ("eql?", _): return RubyEquality.Keys.Equals(self, argument);
            default: return RubyEvaluator.NotFound;
        }
    }

    private static object? WithMore(RubyEvaluator ruby, RubyString self, string method, RubyArguments arguments)
    {
        var text = self.Value;
        switch (method, arguments[0], arguments[1])
        {
            case ("start_with?" or "end_with?", _, _): return Ends(ruby, text, method, arguments);
            case ("sub" or "gsub", _, RubyString to) when arguments.Items.Length == 2:
                return Replace(ruby, text, PatternOf(arguments[0]), method == "gsub", match => RubyPatterns.Expand(to.Value, match));
            case ("sub" or "gsub", _, RubyHash map) when arguments.Count == 2:
                return Replace(ruby, text, PatternOf(arguments[0]), method == "gsub", match =>
                    ruby.Printer.Print(map[new RubyString(match.Value)]));
            case ("tr", RubyString from, RubyString to): return Translate(ruby, text, from.Value, to.Value);
            case ("[]" or "slice", long start, long length):
                return Slice(text, (int)Math.Clamp(start, int.MinValue, int.MaxValue), (int)Math.Clamp(length, -1, int.MaxValue));
            case ("[]" or "slice", RubyPattern pattern, long group):
                return ruby.Match(pattern, text)?.Match.Groups[(int)group] is { Success: true } numbered ? numbered.Value : null;
            case ("[]" or "slice", RubyPattern pattern, RubyString or RubySymbol):
                return ruby.Match(pattern, text)?.Match.Groups[ruby.Printer.Print(arguments[1])] is { Success: true } named ? named.Value
                    : null;
            case ("split", _, long limit):
                return RubyList.OfTexts(Split(ruby, text, arguments[0], (int)Math.Clamp(limit, -1, int.MaxValue)));
            case ("ljust" or "rjust" or "center", long, RubyString pad): return Pad(ruby, text, method, arguments.Number(0), pad.Value);
            case ("insert", long at, RubyString part) when Math.Abs(at) <= text.Length:
                return Set(ruby, self, text.Insert(at < 0 ? (int)(text.Length + at + 1) : (int)at, part.Value));
            case ("[]=", RubyString part, RubyString to) when text.IndexOf(part.Value, StringComparison.Ordinal) is >= 0 and var found:
                Set(ruby, self, text[..found] + to.Value + text[(found + part.Value.Length)..]);
                return to;
            default: return RubyEvaluator.NotFound;
        }
    }

    private static long? Found(int index) => index < 0 ? null : (long)index;

    private static RubyPattern PatternOf(object? argument) => argument switch
    {
        RubyPattern pattern => pattern,
        RubyString text => RubyPatterns.Literal(text.Value),
        _ => throw TemplateError.Unsupported($"a {RubyPrinter.ClassOf(argument)} as a pattern"),
    };

    private static bool Ends(RubyEvaluator ruby, string text, string method, RubyArguments arguments)
    {
        foreach (var item in arguments.Items)
        {
            if (item is RubyPattern pattern && method == "start_with?")
            {
                if (ruby.Match(pattern, text) is { Match.Index: 0 }) return true;
                ruby.LastMatch = null;
                continue;
            }

            if (item is not RubyString part) throw new RubyError("TypeError", $"a string is expected, but got {RubyPrinter.ClassOf(item)}");
            ruby.Budget.Step();
            if (method == "start_with?" ? text.StartsWith(part.Value, StringComparison.Ordinal)
                : text.EndsWith(part.Value, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static string Without(string text, string suffix) =>
        text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;

    public static string Chomp(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') || text.EndsWith('\r') ? text[..^1] : text;

    /// <summary>Text whose letters have one letter in the other case, as in Ruby.</summary>
    private static string Cased(string text) => text.All(c => c < 0x180 && c is not ('ß' or 'ŉ' or 'İ' or 'ı' or 'ſ' or 'µ'))
        ? text
        : throw TemplateError.Unsupported("upper and lower case of these letters");

    private static string Joined(RubyEvaluator ruby, string left, string right)
    {
        ruby.Budget.Text((long)left.Length + right.Length);
        return left + right;
    }

    private static object? Slice(RubyEvaluator ruby, string text, object? argument)
    {
        switch (argument)
        {
            case long index:
                if (index < 0) index += text.Length;
                return index >= 0 && index < text.Length ? text[(int)index].ToString() : null;
            case RubyString part:
                return text.Contains(part.Value, StringComparison.Ordinal) ? part.Value : null;
            case RubyPattern pattern:
                return ruby.Match(pattern, text)?.Match.Value;
            case RubyRange range:
                return RangeMethods.Bounds(range, text.Length) is var (start, length) ? Slice(text, start, length) : null;
            default:
                return RubyEvaluator.NotFound;
        }
    }

    private static string? Slice(string text, int start, int length)
    {
        if (start < 0) start += text.Length;
        return start < 0 || start > text.Length || length < 0 ? null : text.Substring(start, Math.Min(length, text.Length - start));
    }

    private static long LeadingInteger(string text, int radix)
    {
        var trimmed = text.TrimStart(White);
        var at = trimmed.Length > 0 && trimmed[0] is '-' or '+' ? 1 : 0;
        var prefix = radix switch { 16 => "0x", 2 => "0b", 8 => "0o", _ => "" };
        if (prefix.Length > 0 && trimmed.AsSpan(at).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) at += 2;
        var value = 0L;
        for (var last = '_'; at < trimmed.Length; last = trimmed[at++])
        {
            if (trimmed[at] == '_' && last != '_') continue;
            var digit = char.IsAsciiDigit(trimmed[at]) ? trimmed[at] - '0' : char.IsAsciiLetter(trimmed[at])
                ? char.ToLowerInvariant(trimmed[at]) - 'a' + 10 : 99;
            if (digit >= radix) break;
            value = checked((value * radix) + digit);
        }

        return trimmed.StartsWith('-') ? -value : value;
    }

    private static List<string> Lines(RubyEvaluator ruby, string text)
    {
        ruby.Budget.List(text.AsSpan().Count('\n') + 1);
        ruby.Budget.Text(text.Length);
        var lines = new List<string>();
        for (var from = 0; from < text.Length;)
        {
            var end = text.IndexOf('\n', from) is >= 0 and var at ? at + 1 : text.Length;
            lines.Add(text[from..end]);
            from = end;
        }

        return lines;
    }

    private static object? Each(RubyEvaluator ruby, RubyString self, string method, RubyArguments arguments)
    {
        if (arguments.Block is not { } block) return new RubyEnumerator(self, method, arguments);
        foreach (var part in method == "each_line" ? Lines(ruby, self.Value) : [.. self.Value.Select(c =>
            c.ToString())]) block.Call(new RubyString(part));
        return self;
    }

    private static List<string> Split(RubyEvaluator ruby, string text, object? by, int limit)
    {
        ruby.Budget.Text(text.Length);
        List<string> parts;
        if (by is null or RubyString { Value: " " })
        {
            if (limit > 0) throw TemplateError.Unsupported(".split at white space with a limit");
            ruby.Budget.List(text.Count(char.IsWhiteSpace) + 1L);
            parts = [.. text.Split(White, StringSplitOptions.RemoveEmptyEntries)];
            if (limit < 0 && text.Length > 0 && White.Contains(text[^1])) parts.Add("");
            return parts;
        }

        if (by is RubyString { Value: var separator } && separator.Length > 0)
        {
            ruby.Budget.List(text.AsSpan().Count(separator) + 1L);
            parts = limit > 0 ? [.. text.Split(separator, limit)] : [.. text.Split(separator)];
        }
        else
        {
            parts = SplitBy(ruby, text, PatternOf(by), limit);
        }

        if (text.Length == 0) return [];
        while (limit == 0 && parts.Count > 0 && parts[^1].Length == 0) parts.RemoveAt(parts.Count - 1);
        return parts;
    }

    private static List<string> SplitBy(RubyEvaluator ruby, string text, RubyPattern pattern, int limit)
    {
        var parts = new List<string>();
        var start = 0;
        for (var match = RubyPatterns.Run(() => pattern.Regex.Match(text)); match.Success; match = RubyPatterns.Run(match.NextMatch))
        {
            ruby.Budget.List(1);
            if (limit > 0 && parts.Count == limit - 1) break;
            if (match.Length == 0 && (match.Index == 0 || match.Index >= text.Length)) continue;
            parts.Add(text[start..match.Index]);
            for (var group = 1; group < match.Groups.Count; group++)
            {
                if (match.Groups[group].Success) parts.Add(match.Groups[group].Value);
            }

            start = match.Index + match.Length;
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static object? Scan(RubyEvaluator ruby, string text, RubyPattern pattern, RubyProc? block)
    {
        var found = new RubyList();
        RubyMatch? last = null;
        for (var match = RubyPatterns.Run(() => pattern.Regex.Match(text)); match.Success; match = RubyPatterns.Run(match.NextMatch))
        {
            ruby.Budget.List(1);
            ruby.Budget.Text(match.Length);
            last = new(match, text, pattern.Regex);
            object item = match.Groups.Count == 1
                ? new RubyString(match.Value)
                : new RubyList(match.Groups.Values.Skip(1).Select(group => group.Success ? new RubyString(group.Value) : null));
            if (block is not null)
            {
                ruby.LastMatch = last;
                block.Call(item);
            }

            found.Add(item);
        }

        ruby.LastMatch = last;
        return block is null ? found : new RubyString(text);
    }

    private static string Replace(RubyEvaluator ruby, string text, RubyPattern pattern, bool all, Func<Match, string> replacement)
    {
        var length = (long)text.Length;
        ruby.Budget.Text(length);
        RubyMatch? last = null;
        var replaced = RubyPatterns.Run(() => pattern.Regex.Replace(
            text,
            match =>
            {
                ruby.LastMatch = last = new(match, text, pattern.Regex);
                var with = replacement(match);
                ruby.Budget.Step();
                if ((length += with.Length) > TemplateBudget.MaxText) ruby.Budget.Text(length);
                return with;
            },
            all ? -1 : 1));
        ruby.LastMatch = last;
        return replaced;
    }

    private static RubyList Partition(string text, string by, bool fromEnd)
    {
        var at = fromEnd ? text.LastIndexOf(by, StringComparison.Ordinal) : text.IndexOf(by, StringComparison.Ordinal);
        return RubyList.OfTexts(at >= 0 ? [text[..at], by, text[(at + by.Length)..]] : fromEnd ? ["", "", text] : [text, "", ""]);
    }

    private static string Pad(RubyEvaluator ruby, string text, string method, int width, string pad)
    {
        if (pad.Length == 0) throw new RubyError("ArgumentError", "the padding is empty");
        ruby.Budget.Text(Math.Max(width, text.Length));
        var missing = Math.Max(0, width - text.Length);
        var left = method switch { "rjust" => missing, "center" => missing / 2, _ => 0 };
        string Fill(int count) => string.Concat(Enumerable.Repeat(pad, (count / pad.Length) + 1))[..count];
        return Fill(left) + text + Fill(missing - left);
    }

    private static string Squeeze(string text, Func<char, bool>? isIn = null) =>
        string.Concat(text.Where((c, i) => i == 0 || text[i - 1] != c || isIn?.Invoke(c) == false));

    /// <summary>Characters as .delete, .count and .tr name them: <c>a-z</c>, <c>^x</c>.</summary>
    private static Func<char, bool> CharacterSet(string set)
    {
        var isNegated = set.Length > 1 && set[0] == '^';
        var known = Characters(isNegated ? set[1..] : set).ToHashSet();
        return c => known.Contains(c) != isNegated;
    }

    private static string Characters(string set)
    {
        if (set.Contains('\\', StringComparison.Ordinal)) throw TemplateError.Unsupported("a backslash in a set of characters");
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 >= set.Length || set[i + 1] != '-')
            {
                text.Append(set[i]);
                continue;
            }

            if (set[i] > set[i + 2] || set[i + 2] - set[i] > 1000) throw new RubyError("ArgumentError",
                "a range of characters runs backwards");
            for (var c = set[i]; c <= set[i + 2]; c++) text.Append(c);
            i += 2;
        }

        return text.ToString();
    }

    private static string Translate(RubyEvaluator ruby, string text, string from, string to)
    {
        ruby.Budget.Text(text.Length);
        var targets = Characters(to);
        if (from.Length > 1 && from[0] == '^')
        {
            var kept = Characters(from[1..]).ToHashSet();
            return string.Concat(text.Select(c => kept.Contains(c) ? c.ToString() : targets.Length == 0 ? "" : targets[^1].ToString()));
        }

        var map = new Dictionary<char, string>();
        var sources = Characters(from);
        for (var i = 0; i < sources.Length;
        i++) map.TryAdd(sources[i], targets.Length == 0 ? "" : targets[Math.Min(i, targets.Length - 1)].ToString());
        return string.Concat(text.Select(c => map.GetValueOrDefault(c) ?? c.ToString()));
    }

    public static string Successor(string text)
    {
        if (text.Length == 0 || !text.All(char.IsAsciiLetterOrDigit)) throw TemplateError.Unsupported(".succ of this string");
        var characters = text.ToCharArray();
        for (var i = characters.Length - 1; ; i--)
        {
            var (next, carries) = characters[i] switch { '9' => ('0', true), 'z' => ('a', true), 'Z' => ('A', true), var c =>
                ((char)(c + 1), false) };
            characters[i] = next;
            if (!carries) return new(characters);
            if (i == 0) return (next == '0' ? '1' : next) + new string(characters);
        }
    }

    private static string ShellEscape(string text) => text.Length == 0 ? "''"
        : ShellUnsafe().Replace(text, match => match.Value == "\n" ? "'\n'" : "\\" + match.Value);

    [GeneratedRegex(@"[^A-Za-z0-9_\-.,:+\/@]", RegexOptions.CultureInvariant)]
    private static partial Regex ShellUnsafe();

    [GeneratedRegex(@"^[-+]?[0-9]+(_[0-9]+)*(\.[0-9]+)?([eE][-+]?[0-9]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Real();
}
