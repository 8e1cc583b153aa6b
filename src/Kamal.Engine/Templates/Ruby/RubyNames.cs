namespace Kamal.Engine.Templates.Ruby;

/// <summary>The constants and functions that the evaluator knows.</summary>
internal static class RubyNames
{
    /// <summary>Classes of exceptions, with the class each is a kind of.</summary>
    public static readonly IReadOnlyDictionary<string, string> Exceptions = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Exception"] = "Object", ["ScriptError"] = "Exception", ["LoadError"] = "ScriptError", ["NotImplementedError"] = "ScriptError",
        ["SystemExit"] = "Exception", ["StandardError"] = "Exception", ["ArgumentError"] = "StandardError",
            ["RuntimeError"] = "StandardError",
        ["FrozenError"] = "RuntimeError", ["IndexError"] = "StandardError", ["KeyError"] = "IndexError", ["StopIteration"] = "IndexError",
        ["NameError"] = "StandardError", ["NoMethodError"] = "NameError", ["TypeError"] = "StandardError", ["RangeError"] = "StandardError",
        ["FloatDomainError"] = "RangeError", ["ZeroDivisionError"] = "StandardError", ["IOError"] = "StandardError",
        ["SystemCallError"] = "StandardError", ["Errno::ENOENT"] = "SystemCallError", ["Errno::EACCES"] = "SystemCallError",
        ["Errno::EISDIR"] = "SystemCallError", ["JSON::JSONError"] = "StandardError", ["JSON::ParserError"] = "JSON::JSONError",
        ["RegexpError"] = "StandardError", ["UncaughtThrowError"] = "ArgumentError",
    };

    /// <summary>Constants that are modules, classes or numbers.</summary>
    public static readonly IReadOnlySet<string> Constants = new HashSet<string>(
        [
            "ENV", "File", "IO", "Dir", "FileTest", "JSON", "YAML", "Psych", "ERB", "Time", "Date", "Dotenv", "Base64", "SecureRandom",
                "Digest", "Digest::SHA256", "Digest::SHA1",
            "Digest::MD5", "Shellwords", "Kernel", "Math", "Errno", "Hash", "Array", "String", "Symbol", "Integer", "Float", "Numeric",
                "NilClass", "TrueClass", "FalseClass",
            "Range", "Regexp", "Proc", "Object", "Comparable", "Enumerable", "File::SEPARATOR", "Float::INFINITY", .. Exceptions.Keys,
        ],
        StringComparer.Ordinal);

    /// <summary>Functions without a receiver.</summary>
    public static readonly IReadOnlySet<string> Functions = new HashSet<string>(
        [
            "puts", "print", "p", "pp", "warn", "require", "raise", "fail", "abort", "exit", "format", "sprintf", "Integer", "Float",
                "String", "Array", "lambda", "proc", "loop",
            "binding", "system", "block_given?", "catch", "it", "_1", "_2", "freeze",
        ],
        StringComparer.Ordinal);

    /// <summary>What of Ruby's library changes nothing here when it is required.</summary>
    public static readonly IReadOnlySet<string> Libraries = new HashSet<string>(
        [
            "json", "yaml", "psych", "erb", "time", "date", "base64", "securerandom", "digest", "digest/sha1", "digest/sha2",
                "digest/md5", "openssl", "open3", "shellwords", "uri", "net/http",
            "open-uri", "pathname", "fileutils", "tmpdir", "tempfile", "set", "ostruct", "etc", "socket", "English", "bigdecimal",
                "logger", "pp", "stringio", "optparse", "benchmark",
            "timeout", "io/console", "rbconfig", "singleton", "forwardable", "delegate", "dotenv", "active_support", "active_support/all",
                "active_support/core_ext",
        ],
        StringComparer.Ordinal);

    /// <summary>Whether a class of exceptions is another one or a kind of it.</summary>
    public static bool IsKindOf(string name, string ancestor)
    {
        for (string? at = name; at is not null; at = Exceptions.GetValueOrDefault(at))
        {
            if (at == ancestor) return true;
        }

        return false;
    }
}
