using System.Globalization;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Methods of numbers.</summary>
internal static class NumberMethods
{
    public static object? Call(RubyEvaluator ruby, object self, string method, RubyArguments arguments)
    {
        if (arguments.Count == 1 && Arithmetic(method, self, arguments[0]) is var computed
            && !ReferenceEquals(computed, RubyEvaluator.NotFound)) return computed;
        return self is long whole ? OfWhole(ruby, whole, method, arguments) : OfReal((double)self, method, arguments);
    }

    private static object? Arithmetic(string method, object left, object? right)
    {
        if (method is "<=>") return RubyEquality.Order(left, right) is { } order ? (long)order : null;
        if (right is not (long or double))
        {
            return method is "+" or "-" or "*" or "/" or "%" or "**" or "<" or ">" or "<=" or ">="
                ? throw new RubyError("TypeError", $"a {RubyPrinter.ClassOf(right)} cannot be used with {method} and a number")
                : RubyEvaluator.NotFound;
        }

        if (left is long a && right is long b)
        {
            switch (method)
            {
                case "+": return checked(a + b);
                case "-": return checked(a - b);
                case "*": return checked(a * b);
                case "/" or "div": return FloorDivide(a, b);
                case "%" or "modulo": return a - (b * FloorDivide(a, b));
                case "**" or "pow" when b >= 0: return Power(a, b);
                case "**": return RubyEvaluator.NotFound;
                case "<": return a < b;
                case ">": return a > b;
                case "<=": return a <= b;
                case ">=": return a >= b;
                case "&": return a & b;
                case "|": return a | b;
                case "^": return a ^ b;
                case "<<" when b is >= 0 and < 62 && Math.Abs(a) < 1L << (62 - (int)b): return a << (int)b;
                case ">>" when b is >= 0 and < 63: return a >> (int)b;
                case "fdiv": return (double)a / b;
                case "divmod": return new RubyList([FloorDivide(a, b), a - (b * FloorDivide(a, b))]);
                case "gcd": return (long)System.Numerics.BigInteger.GreatestCommonDivisor(a, b);
                default: return RubyEvaluator.NotFound;
            }
        }

        var (x, y) = (Convert.ToDouble(left, CultureInfo.InvariantCulture), Convert.ToDouble(right, CultureInfo.InvariantCulture));
        return method switch
        {
            "+" => x + y,
            "-" => x - y,
            "*" => x * y,
            "/" or "fdiv" => x / y,
            "<" => x < y,
            ">" => x > y,
            "<=" => x <= y,
            ">=" => x >= y,
            "**" => Math.Pow(x, y),
            "%" when y != 0 => x - (y * Math.Floor(x / y)),
            _ => RubyEvaluator.NotFound,
        };
    }

    private static long FloorDivide(long a, long b)
    {
        if (b == 0) throw new RubyError("ZeroDivisionError", "a number is divided by 0");
        var quotient = checked(a / b);
        return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static long Power(long a, long b)
    {
        var result = 1L;
        if (b > 200 && a is not (0 or 1 or -1)) throw new OverflowException();
        for (var i = 0L; i < Math.Min(b, 200); i++) result = checked(result * a);
        return a == -1 ? b % 2 == 0 ? 1 : -1 : result;
    }

    private static object? OfWhole(RubyEvaluator ruby, long self, string method, RubyArguments arguments)
    {
        switch (method, arguments.Count)
        {
            case ("to_i" or "to_int" or "floor" or "ceil" or "round" or "truncate" or "ord", 0): return self;
            case ("to_f", 0): return (double)self;
            case ("to_s" or "inspect", 1) when arguments[0] is long radix and >= 2 and <= 36: return Based(self, (int)radix);
            case ("+@", 0): return self;
            case ("-@", 0): return checked(-self);
            case ("abs" or "magnitude", 0): return Math.Abs(self);
            case ("succ" or "next", 0): return checked(self + 1);
            case ("pred", 0): return checked(self - 1);
            case ("even?", 0): return self % 2 == 0;
            case ("odd?", 0): return self % 2 != 0;
            case ("zero?", 0): return self == 0;
            case ("positive?", 0): return self > 0;
            case ("negative?", 0): return self < 0;
            case ("nonzero?", 0): return self == 0 ? null : self;
            case ("integer?", 0): return true;
            case ("finite?", 0): return true;
            case ("chr", 0) when self is >= 0 and < 128: return ((char)self).ToString();
            case ("digits", 0) when self >= 0:
                return new RubyList(self.ToString(CultureInfo.InvariantCulture).Reverse().Select(c => (object?)(long)(c - '0')));
            case ("between?", 2): return RubyEquality.Compare(self, arguments[0]) >= 0 && RubyEquality.Compare(self, arguments[1]) <= 0;
            case ("clamp", 2): return RubyEquality.Compare(self, arguments[0]) < 0 ? arguments[0]
                : RubyEquality.Compare(self, arguments[1]) > 0 ? arguments[1] : self;
            case ("bit_length", 0) when self >= 0: return self == 0 ? 0 : (long)Math.Floor(Math.Log2(self)) + 1;
            case ("times", 0): return Each(ruby, self, method, arguments, 0, self - 1, 1);
            case ("upto", 1) when arguments[0] is long to: return Each(ruby, self, method, arguments, self, to, 1);
            case ("downto", 1) when arguments[0] is long to: return Each(ruby, self, method, arguments, self, to, -1);
            case ("step", 2) when arguments[0] is long to && arguments[1] is long by && by != 0:
                return Each(ruby, self, method, arguments, self, to, by);
            default: return RubyEvaluator.NotFound;
        }
    }

    private static object? Each(RubyEvaluator ruby, long self, string method, RubyArguments arguments, long from, long to, long by)
    {
        if (arguments.Block is not { } block) return new RubyEnumerator(self, method, arguments);
        for (var i = from; by > 0 ? i <= to : i >= to; i += by)
        {
            ruby.Budget.Step();
            block.Call(i);
        }

        return self;
    }

    private static string Based(long self, int radix)
    {
        var digits = "";
        for (var rest = Math.Abs(self); rest > 0 || digits.Length == 0;
        rest /= radix) digits = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(rest % radix)] + digits;
        return self < 0 ? "-" + digits : digits;
    }

    private static object? OfReal(double self, string method, RubyArguments arguments)
    {
        switch (method, arguments.Count)
        {
            case ("to_f", 0): return self;
            case ("to_i" or "to_int" or "truncate", 0): return Whole(Math.Truncate(self));
            case ("floor", 0): return Whole(Math.Floor(self));
            case ("ceil", 0): return Whole(Math.Ceiling(self));
            case ("round", 0): return Whole(Math.Round(self, MidpointRounding.AwayFromZero));
            case ("round", 1) when arguments[0] is long and > 0 and <= 12 && Math.Abs(self) < 1e12:
                return (double)Math.Round((decimal)self, arguments.Number(0), MidpointRounding.AwayFromZero);
            case ("abs", 0): return Math.Abs(self);
            case ("-@", 0): return -self;
            case ("zero?", 0): return self == 0;
            case ("positive?", 0): return self > 0;
            case ("negative?", 0): return self < 0;
            case ("nan?", 0): return double.IsNaN(self);
            case ("finite?", 0): return double.IsFinite(self);
            case ("integer?", 0): return false;
            case ("between?", 2): return RubyEquality.Compare(self, arguments[0]) >= 0 && RubyEquality.Compare(self, arguments[1]) <= 0;
            default: return RubyEvaluator.NotFound;
        }
    }

    private static long Whole(double value)
    {
        if (!double.IsFinite(value)) throw new RubyError("FloatDomainError", "the number is not finite");
        return checked((long)value);
    }
}
