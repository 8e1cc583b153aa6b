using System.Globalization;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Functions without a receiver.</summary>
internal static partial class KernelFunctions
{
    public static object? Call(RubyEvaluator ruby, string name, RubyArguments arguments)
    {
        switch (name, arguments.Count)
        {
            case ("puts" or "print" or "warn", _):
                foreach (var item in arguments.Items) ruby.Environment.Say(ruby.Printer.Print(item));
                return null;
            case ("p" or "pp", 1): return arguments[0];
            case ("require", 1): return Require(ruby, arguments.Text(0));
            case ("raise" or "fail", _): throw Raised(ruby, arguments);
            case ("abort", 1): throw new RubyError("SystemExit", arguments.Text(0)) { IsRaised = true };
            case ("abort" or "exit", _): throw new RubyError("SystemExit", "the template ends the program") { IsRaised = true };
            case ("format" or "sprintf", > 0):
                return RubyFormat.Format(ruby.Printer, arguments.Text(0), arguments.Keywords is { } named ? [named]
                    : [.. arguments.Items.Skip(1)]);
            case ("Integer", 1): return Integer(arguments[0]);
            case ("Integer", 2) when arguments.Keywords is { } options: return Quietly(options, () => Integer(arguments[0]));
            case ("Float", 1): return Float(arguments[0]);
            case ("Float", 2) when arguments.Keywords is { } options: return Quietly(options, () => Float(arguments[0]));
            case ("String", 1): return ruby.Printer.Print(arguments[0]);
            case ("Array", 1): return arguments[0] is RubyList list ? list : new RubyList(ruby.ListOf(arguments[0]));
            case ("lambda" or "proc", 0) when arguments.Block is { } block: return block;
            case ("loop", 0) when arguments.Block is { } block:
                while (true)
                {
                    ruby.Budget.Step();
                    block.Call();
                }

            case ("system", > 0) when arguments.Items.Length == 1:
                return ruby.Environment.System(arguments.Text(0), ruby.CancellationToken);
            default: return RubyEvaluator.NotFound;
        }
    }

    private static object? Require(RubyEvaluator ruby, string library)
    {
        if (library == "dotenv/load") return ruby.Environment.LoadDotenv([".env"], overwrite: false, ruby.CancellationToken);
        if (RubyNames.Libraries.Contains(library) || library.StartsWith("active_support/core_ext/", StringComparison.Ordinal)) return true;
        throw TemplateError.Unsupported($"require of {(Library().IsMatch(library) ? $"\"{library}\"" : "this library")}");
    }

    private static RubyError Raised(RubyEvaluator ruby, RubyArguments arguments)
    {
        switch (arguments.Items)
        {
            case []:
                return new("RuntimeError", "the template raises an error") { IsRaised = true };
            case [RubyString message]:
                return new("RuntimeError", message.Value) { IsRaised = true };
            case [RubyModule { Name: var name }] when RubyNames.Exceptions.ContainsKey(name):
                return new(name, name) { IsRaised = true };
            case [RubyModule { Name: var name }, var message] when RubyNames.Exceptions.ContainsKey(name):
                return new(name, ruby.Printer.Print(message)) { IsRaised = true };
            case [RubyException { Error: var error }]:
                return error;
            default:
                throw TemplateError.Unsupported("raise of this");
        }
    }

    private static object? Quietly(RubyHash options, Func<object?> convert)
    {
        if (options.Count != 1 || !options.TryGet(new RubySymbol("exception"), out var raises)) return RubyEvaluator.NotFound;
        try
        {
            return convert();
        }
        catch (RubyError) when (raises is false)
        {
            return null;
        }
    }

    private static long Integer(object? value) => value switch
    {
        long whole => whole,
        double real when double.IsFinite(real) => checked((long)Math.Truncate(real)),
        RubyString text when Whole().IsMatch(text.Value.Trim())
            && long.TryParse(text.Value.Trim().Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out var parsed) => parsed,
        RubyString text when text.Value.Trim().TrimStart('-', '+') is ['0', _, ..] =>
            throw TemplateError.Unsupported("Integer() of a number that begins with 0"),
        RubyString => throw new RubyError("ArgumentError", "Integer() gets a text that is not a whole number"),
        null => throw new RubyError("TypeError", "Integer() gets nothing (nil)"),
        _ => throw new RubyError("TypeError", $"Integer() gets a {RubyPrinter.ClassOf(value)}"),
    };

    private static double Float(object? value) => value switch
    {
        long whole => whole,
        double real => real,
        RubyString text when Real().IsMatch(text.Value.Trim()) =>
            double.Parse(text.Value.Trim().Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture),
        RubyString => throw new RubyError("ArgumentError", "Float() gets a text that is not a number"),
        null => throw new RubyError("TypeError", "Float() gets nothing (nil)"),
        _ => throw new RubyError("TypeError", $"Float() gets a {RubyPrinter.ClassOf(value)}"),
    };

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*(_[0-9]+)*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?[0-9]+(_[0-9]+)*(\.[0-9]+)?([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Real();

    [GeneratedRegex(@"^[A-Za-z0-9_./-]{1,60}$", RegexOptions.CultureInvariant)]
    private static partial Regex Library();
}
