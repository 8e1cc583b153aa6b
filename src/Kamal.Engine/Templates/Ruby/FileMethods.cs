namespace Kamal.Engine.Templates.Ruby;

/// <summary>Functions of File and Dir; nothing of them writes.</summary>
internal static class FileMethods
{
    public static object? Call(RubyEvaluator ruby, string module, string method, RubyArguments arguments)
    {
        if (arguments.Keywords is not null) return RubyEvaluator.NotFound;
        var environment = ruby.Environment;
        switch (module, method, arguments.Count)
        {
            case ("File" or "IO", "read", 1): return environment.ReadFile(arguments.Text(0), ruby.CancellationToken);
            case ("File" or "IO", "readlines", 1): return ruby.Send(Read(ruby, arguments), "lines", RubyArguments.None);
            case ("File" or "IO", "foreach", 1) when arguments.Block is { } block:
                ruby.Send(Read(ruby, arguments), "each_line", new([], null, block));
                return null;
            case ("File" or "FileTest", "exist?", 1): return environment.FileExists(arguments.Text(0));
            case ("File" or "FileTest", "file?", 1): return File.Exists(environment.Resolve(arguments.Text(0)));
            case ("File" or "FileTest", "directory?", 1) or ("Dir", "exist?", 1):
                return Directory.Exists(environment.Resolve(arguments.Text(0)));
            case ("File", "size", 1) when File.Exists(environment.Resolve(arguments.Text(0))):
                return new FileInfo(environment.Resolve(arguments.Text(0))).Length;
            case ("File", "join", _): return Join(arguments);
            case ("File", "basename", 1): return Base(arguments.Text(0));
            case ("File", "basename", 2): return Base(arguments.Text(0), arguments.Text(1));
            case ("File", "extname", 1):
                return Base(arguments.Text(0)) is var name && name.LastIndexOf('.') is > 0 and var dot && dot < name.Length - 1
                    ? name[dot..] : "";
            case ("File", "dirname", 1): return Parent(arguments.Text(0));
            case ("File", "expand_path" or "absolute_path", 1): return Expand(ruby, arguments.Text(0), environment.ProjectDirectory);
            case ("File", "expand_path" or "absolute_path", 2):
                return Expand(ruby, arguments.Text(0), Expand(ruby, arguments.Text(1), environment.ProjectDirectory));
            case ("Dir", "pwd" or "getwd", 0): return Unix(environment.ProjectDirectory);
            case ("Dir", "home", 0): return environment["HOME"];
            default: return RubyEvaluator.NotFound;
        }
    }

    private static RubyString Read(RubyEvaluator ruby, RubyArguments arguments) =>
        new(ruby.Environment.ReadFile(arguments.Text(0), ruby.CancellationToken));

    private static string Join(RubyArguments arguments)
    {
        var joined = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            var part = arguments.Text(i);
            joined = i == 0 ? part : joined.TrimEnd('/') is var left && part.StartsWith('/') ? left + part : left + "/" + part;
        }

        return joined;
    }

    private static string Base(string path, string suffix = "")
    {
        var trimmed = path.TrimEnd('/');
        if (trimmed.Length == 0) return path.Length == 0 ? "" : "/";
        var name = trimmed[(trimmed.LastIndexOf('/') + 1)..];
        if (suffix == ".*") return name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name;
        return suffix.Length > 0 && name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)
            ? name[..^suffix.Length] : name;
    }

    private static string Parent(string path)
    {
        var trimmed = path.TrimEnd('/');
        if (trimmed.Length == 0) return path.Length == 0 ? "." : "/";
        var slash = trimmed.LastIndexOf('/');
        return slash < 0 ? "." : trimmed[..slash].TrimEnd('/') is { Length: > 0 } parent ? parent : "/";
    }

    private static string Expand(RubyEvaluator ruby, string path, string from)
    {
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
        {
            path = (ruby.Environment["HOME"] ?? throw new RubyError("ArgumentError", "~ needs the variable HOME")) + path[1..];
        }
        else if (path.StartsWith('~'))
        {
            throw TemplateError.Unsupported("the home directory of another account");
        }

        var full = Path.GetFullPath(path, Path.GetFullPath(from));
        return Unix(full.Length > 1 ? full.TrimEnd('/') : full);
    }

    private static string Unix(string path) => OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path;
}
