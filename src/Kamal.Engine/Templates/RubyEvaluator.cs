using static Kamal.Engine.Templates.RubyExpression;
using Range = Kamal.Engine.Templates.RubyExpression.Range;

namespace Kamal.Engine.Templates;

/// <summary>Evaluates expressions over a template's variables and its environment.</summary>
internal sealed class RubyEvaluator(TemplateEnvironment environment, CancellationToken cancellationToken)
{
    private const int MaxRange = TemplateBudget.MaxList;
    private readonly TemplateBudget _budget = new(cancellationToken);
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    /// <summary>What the template may still cost.</summary>
    public TemplateBudget Budget => _budget;

    public object? this[string variable]
    {
        get => _variables.GetValueOrDefault(variable);
        set => _variables[variable] = value;
    }

    public bool Has(string variable) => _variables.ContainsKey(variable);

    public void Forget(string variable) => _variables.Remove(variable);

    /// <summary>What a loop goes over: a list or a range.</summary>
    public async ValueTask<IReadOnlyList<object?>> ListAsync(RubyExpression expression)
    {
        if (expression is Range range)
        {
            return Numbers(await EvaluateAsync(range.First).ConfigureAwait(false), await EvaluateAsync(range.Last).ConfigureAwait(false), range.WithoutLast);
        }

        return await EvaluateAsync(expression).ConfigureAwait(false) as IReadOnlyList<object?> ?? throw new TemplateError(".each wants a list");
    }

    public async ValueTask<object?> EvaluateAsync(RubyExpression expression)
    {
        _budget.Step();
        switch (expression)
        {
            case Constant constant:
                return constant.Value;
            case Variable variable:
                return _variables.TryGetValue(variable.Name, out var known) ? known : throw TemplateError.Unsupported($"the name {variable.Name}, which was not set before,");
            case Assignment assignment:
                return _variables[assignment.Name] = await EvaluateAsync(assignment.Value).ConfigureAwait(false);
            case Interpolation interpolation:
                return await InterpolateAsync(interpolation).ConfigureAwait(false);
            case Command command:
                return await environment.RunAsync(_budget.Print(await EvaluateAsync(command.Text).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
            case List list:
                return await AllAsync(list.Items).ConfigureAwait(false);
            case Range:
                throw TemplateError.Unsupported("a range elsewhere than before .each");
            case Function function:
                return await CallAsync(function.Name, await AllAsync(function.Arguments).ConfigureAwait(false)).ConfigureAwait(false);
            case Call { Target: Env } call:
                return ReadEnvironment(call.Method, await AllAsync(call.Arguments).ConfigureAwait(false));
            case Call call:
                var target = await EvaluateAsync(call.Target).ConfigureAwait(false);
                return target is null && call.Safe ? null : new RubyMethods(_budget).Call(target, call.Method, await AllAsync(call.Arguments).ConfigureAwait(false));
            case Not not:
                return !RubyMethods.IsTruthy(await EvaluateAsync(not.Operand).ConfigureAwait(false));
            case Conditional conditional:
                var test = RubyMethods.IsTruthy(await EvaluateAsync(conditional.Test).ConfigureAwait(false));
                return await EvaluateAsync(test ? conditional.Yes : conditional.No).ConfigureAwait(false);
            case Binary binary:
                return await EvaluateAsync(binary).ConfigureAwait(false);
            default:
                throw TemplateError.Unsupported("this use of ENV");
        }
    }

    private async ValueTask<object?> EvaluateAsync(Binary binary)
    {
        var left = await EvaluateAsync(binary.Left).ConfigureAwait(false);
        switch (binary.Operator)
        {
            case "||":
                return RubyMethods.IsTruthy(left) ? left : await EvaluateAsync(binary.Right).ConfigureAwait(false);
            case "&&":
                return RubyMethods.IsTruthy(left) ? await EvaluateAsync(binary.Right).ConfigureAwait(false) : left;
        }

        var right = await EvaluateAsync(binary.Right).ConfigureAwait(false);
        try
        {
            return (binary.Operator, left, right) switch
            {
                ("==", _, _) => _budget.AreEqual(left, right),
                ("!=", _, _) => !_budget.AreEqual(left, right),
                ("+", string a, string b) => Joined(a, b),
                ("+", IReadOnlyList<object?> a, IReadOnlyList<object?> b) => Joined(a, b),
                ("+", long a, long b) => checked(a + b),
                ("-", long a, long b) => checked(a - b),
                ("*", long a, long b) => checked(a * b),
                ("/", long a, long b) => FloorDivide(a, b),
                ("%", long a, long b) => a - (b * FloorDivide(a, b)),
                ("<", long a, long b) => a < b,
                (">", long a, long b) => a > b,
                ("<=", long a, long b) => a <= b,
                (">=", long a, long b) => a >= b,
                ("+" or "-" or "*" or "/", long or double, long or double) => Arithmetic(binary.Operator, RubyMethods.ToDouble(left), RubyMethods.ToDouble(right)),
                (_, null, _) => throw new TemplateError($"nothing (nil) cannot be used with {binary.Operator}"),
                _ => throw TemplateError.Unsupported($"{binary.Operator} between values of these kinds"),
            };
        }
        catch (Exception error) when (error is OverflowException or DivideByZeroException)
        {
            throw new TemplateError("the numbers cannot be computed");
        }
    }

    private object? ReadEnvironment(string method, List<object?> arguments)
    {
        if (arguments.ElementAtOrDefault(0) is not string name) throw new TemplateError("ENV wants the name of a variable in quotes");
        var value = environment[name];
        return method switch
        {
            "[]" => value,
            "fetch" when value is not null => value,
            "fetch" when arguments.Count > 1 => arguments[1],
            "fetch" => throw new TemplateError($"the environment variable {name} is not set, and ENV.fetch has no default"),
            _ => value is not null,
        };
    }

    private async ValueTask<object?> CallAsync(string function, List<object?> arguments)
    {
        switch (function)
        {
            case "require":
                return arguments is ["dotenv" or "dotenv/load" or "json" or "yaml" or "erb" or "securerandom"]
                    ? arguments is ["dotenv/load"] ? await environment.LoadDotenvAsync([".env"], false, cancellationToken).ConfigureAwait(false) : true
                    : throw TemplateError.Unsupported("this require");
            case "Dotenv.load" or "Dotenv.overload":
                var files = arguments.Count == 0 ? [".env"] : arguments.Select(Text).ToList();
                return await environment.LoadDotenvAsync(files, function == "Dotenv.overload", cancellationToken).ConfigureAwait(false);
            case "File.exist?":
                return environment.FileExists(Text(arguments.ElementAtOrDefault(0)));
            default:
                return await environment.ReadFileAsync(Text(arguments.ElementAtOrDefault(0)), cancellationToken).ConfigureAwait(false);
        }
    }

    private List<object?> Numbers(object? first, object? last, bool withoutLast)
    {
        if (first is not long from || last is not long to) throw TemplateError.Unsupported("a range of something else than whole numbers");
        if (withoutLast && to > long.MinValue) to--;
        if (to < from) return [];
        if ((ulong)(to - from) >= MaxRange) throw new TemplateError($"the range has more than {MaxRange} numbers");
        _budget.List(to - from + 1);
        return [.. Enumerable.Range(0, (int)(to - from) + 1).Select(i => (object?)(from + i))];
    }

    private async ValueTask<List<object?>> AllAsync(IReadOnlyList<RubyExpression> expressions)
    {
        _budget.List(expressions.Count);
        var values = new List<object?>(expressions.Count);
        foreach (var expression in expressions) values.Add(await EvaluateAsync(expression).ConfigureAwait(false));
        return values;
    }

    private static string Text(object? value) => value as string ?? throw new TemplateError("a file's name in quotes is missing");

    private async ValueTask<string> InterpolateAsync(Interpolation interpolation)
    {
        var text = new System.Text.StringBuilder();
        foreach (var part in interpolation.Parts)
        {
            text.Append(_budget.Print(await EvaluateAsync(part).ConfigureAwait(false)));
            if (text.Length > TemplateBudget.MaxText) break;
        }

        _budget.Text(text.Length);
        return text.ToString();
    }

    private string Joined(string left, string right)
    {
        _budget.Text((long)left.Length + right.Length);
        return left + right;
    }

    private List<object?> Joined(IReadOnlyList<object?> left, IReadOnlyList<object?> right)
    {
        _budget.List((long)left.Count + right.Count);
        return [.. left, .. right];
    }

    private static double Arithmetic(string op, double left, double right) => op switch { "+" => left + right, "-" => left - right, "*" => left * right, _ => left / right };

    private static long FloorDivide(long a, long b) => checked(a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}
