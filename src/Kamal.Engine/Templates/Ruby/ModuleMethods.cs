using System.Security.Cryptography;
using System.Text;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Functions of modules and classes.</summary>
internal static class ModuleMethods
{
    public static object? Call(RubyEvaluator ruby, string module, string method, RubyArguments arguments) => module switch
    {
        "ENV" => EnvironmentMethods.Call(ruby, method, arguments),
        "File" or "IO" or "FileTest" or "Dir" => FileMethods.Call(ruby, module, method, arguments),
        "JSON" or "YAML" or "Psych" => DataMethods.Call(ruby, module, method, arguments),
        "Dotenv" => Dotenv(ruby, method, arguments),
        "ERB" => Erb(method, arguments),
        "Time" or "Date" => Now(module, method, arguments),
        "Kernel" => KernelFunctions.Call(ruby, method, arguments),
        "$stdout" or "$stderr" when method is "puts" or "print" or "write" or "flush" => KernelFunctions.Call(ruby, "puts", arguments),
        "Hash" => (method, arguments.Count, arguments.Block) switch
        {
            ("new", 0, null) => new RubyHash(),
            ("new", 1, null) when arguments.Keywords is null => new RubyHash { Default = arguments[0] },
            _ => RubyEvaluator.NotFound,
        },
        "Array" => (method, arguments.Items, arguments.Block) switch
        {
            ("new", [], null) => new RubyList(),
            ("new", [long and >= 0, ..], _) when arguments.Count <= 2 => NewList(ruby, arguments),
            _ => RubyEvaluator.NotFound,
        },
        "String" => (method, arguments.Items) switch { ("new", []) => "", ("new", [RubyString text]) => text.Value, _ =>
            RubyEvaluator.NotFound },
        "Regexp" => (method, arguments.Items) switch
        {
            ("new", [RubyString source]) => RubyPatterns.Create(source.Value, ""),
            _ => RubyEvaluator.NotFound,
        },
        "Math" => (method, arguments.Items) switch
        {
            ("sqrt", [long or double]) when Convert.ToDouble(arguments[0], null) >= 0 => Math.Sqrt(Convert.ToDouble(arguments[0], null)),
            _ => RubyEvaluator.NotFound,
        },
        "SecureRandom" => (method, arguments.Items) switch
        {
            ("hex", []) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            ("hex", [long and > 0 and <= 1024]) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(arguments.Number(0))),
            ("uuid", []) => Guid.NewGuid().ToString(),
            _ => RubyEvaluator.NotFound,
        },
        "Base64" or "Digest::SHA256" or "Digest::SHA1" or "Digest::MD5" =>
            arguments.Items is [RubyString text] && arguments.Count == 1 ? Encoded(module, method, text.Value) : RubyEvaluator.NotFound,
        "Shellwords" => method is "escape" or "shellescape" && arguments.Items is [RubyString text]
            ? ruby.Send(text, "shellescape", RubyArguments.None) : RubyEvaluator.NotFound,
        _ when RubyNames.Exceptions.ContainsKey(module) => (method, arguments.Items) switch
        {
            ("new", [RubyString message]) => new RubyException(new(module, message.Value) { IsRaised = true }),
            _ => RubyEvaluator.NotFound,
        },
        _ => RubyEvaluator.NotFound,
    };

    private static RubyList NewList(RubyEvaluator ruby, RubyArguments arguments)
    {
        var count = arguments.Number(0);
        ruby.Budget.List(count);
        return new(Enumerable.Range(0, count).Select(i => arguments.Block is { } block ? block.Call((long)i) : arguments.Count == 2
            ? arguments[1] : null).ToList());
    }

    private static object? Erb(string method, RubyArguments arguments)
    {
        if (method != "new" || arguments.Items is not [RubyString template]) return RubyEvaluator.NotFound;
        if (arguments.Keywords is { } options && (options.Count != 1 || !options.TryGet(new RubySymbol("trim_mode"), out var mode)
            || mode is not (RubyString { Value: "-" } or null)))
        {
            return RubyEvaluator.NotFound;
        }

        // Without its mode, Ruby's ERB takes the dashes for code.
        return arguments.Keywords is null && (template.Value.Contains("-%>", StringComparison.Ordinal)
            || template.Value.Contains("<%-", StringComparison.Ordinal))
            ? RubyEvaluator.NotFound
            : new RubyTemplate(template.Value);
    }

    private static object? Dotenv(RubyEvaluator ruby, string method, RubyArguments arguments)
    {
        if (method is not ("load" or "overload" or "load!" or "overload!" or "parse")) return RubyEvaluator.NotFound;
        var overwrite = method.StartsWith("overload", StringComparison.Ordinal);
        foreach (var (key, value) in arguments.Keywords?.Pairs ?? [])
        {
            if (key is not RubySymbol { Name: "overwrite" }) return RubyEvaluator.NotFound;
            overwrite = RubyEquality.IsTruthy(value);
        }

        var files = arguments.Items.SelectMany(item => item is RubyList list ? list : [item]).Where(item => item is not null)
            .Select(item => item as RubyString ?? throw new RubyError("TypeError", "a file's name in quotes is missing")).Select(item =>
                item.Value).ToList();
        if (files.Count == 0) files.Add(".env");
        if (method == "parse") return RubyHash.Of(ruby.Environment.ReadDotenv(files, ruby.CancellationToken).Select(pair =>
            ((object?)new RubyString(pair.Key), (object?)new RubyString(pair.Value))));
        if (method.EndsWith('!') && files.Find(file =>
            !ruby.Environment.FileExists(file)) is { } missing) throw new RubyError("Errno::ENOENT", $"the file {missing} does not exist");
        return ruby.Environment.LoadDotenv(files, overwrite, ruby.CancellationToken);
    }

    private static object? Now(string module, string method, RubyArguments arguments) => (module, method, arguments.Items) switch
    {
        ("Time", "now", []) => new RubyTime(TimeProvider.System.GetLocalNow(), IsUtc: false),
        ("Time", "at", [long seconds]) when Math.Abs(seconds) < 100_000_000_000 =>
            new RubyTime(DateTimeOffset.FromUnixTimeSeconds(seconds).ToLocalTime(), IsUtc: false),
        ("Date", "today", []) => new RubyTime(new(TimeProvider.System.GetLocalNow().Date, TimeSpan.Zero), IsUtc: false, IsDate: true),
        _ => RubyEvaluator.NotFound,
    };

    private static object? Encoded(string module, string method, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        switch (module, method)
        {
            case ("Base64", "strict_encode64"): return Convert.ToBase64String(bytes);
            case ("Base64", "urlsafe_encode64"): return Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
            case ("Base64", "strict_decode64"): return Decoded(text);
            case ("Base64", "decode64"): return Decoded(text.Replace("\n", "", StringComparison.Ordinal));
            case ("Base64", "encode64"):
                return string.Concat(Convert.ToBase64String(bytes).Chunk(60).Select(line => new string(line) + "\n"));
            case ("Digest::SHA256", "hexdigest"): return Convert.ToHexStringLower(SHA256.HashData(bytes));
#pragma warning disable CA5350, CA5351 // Names of versions and caches, no protection.
            case ("Digest::SHA1", "hexdigest"): return Convert.ToHexStringLower(SHA1.HashData(bytes));
            case ("Digest::MD5", "hexdigest"): return Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5350, CA5351
            default: return RubyEvaluator.NotFound;
        }
    }

    private static string Decoded(string text)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            throw new RubyError("ArgumentError", "the text is not base64");
        }
        catch (DecoderFallbackException)
        {
            throw TemplateError.Unsupported("base64 of something else than text");
        }
    }
}
