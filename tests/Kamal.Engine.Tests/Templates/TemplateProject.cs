using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;
using Kamal.Engine.Templates;

namespace Kamal.Engine.Tests.Templates;

/// <summary>A project whose files and variables the templates of tests use, with or without a ruby on PATH.</summary>
internal sealed class TemplateProject : IDisposable
{
    /// <summary>Programs of the templates' commands; nothing else is on the PATH without ruby.</summary>
    private static readonly string[] Programs = ["sh", "cat", "echo", "printf", "tr", "true", "false"];

    public static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["KAMAL_T"] = "value",
        ["KAMAL_LIST"] = "a, b ,c",
        ["KAMAL_NUMBER"] = "41",
        ["KAMAL_BOOL"] = "true",
        ["KAMAL_DESTINATION"] = "staging",
    };

    public TemplateProject()
    {
        Write("note.txt", "from a file\n").Write(".ruby-version", "3.3.5\n").Write("sub/inner.txt", "inner\n")
            .Write("list.txt", "one\n\n two \n");
        Write("data.yml", "name: shop\ncount: 2\nflag: yes\nservers:\n  - s1\n  - s2\nenv:\n  A: x\n  B: 2\n");
        Write("data.json", """{"a": [{"b": "deep"}]}""").Write("partial.erb", "partial <%= 2 * 3 %>");
        var bin = Directory.CreateDirectory(Path.Combine(Root, ".bin")).FullName;
        foreach (var program in Programs.Where(program => Find(program) is not null))
        {
            File.CreateSymbolicLink(Path.Combine(bin, program), Find(program)!);
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("kamal-template-").FullName;

    public List<ConfigurationProblem> Problems { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>Whether this machine has ruby. CI must.</summary>
    public static bool HasRuby => Find("ruby") is not null;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public TemplateProject Write(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public TemplateEnvironment Environment(bool withRuby = false, bool runsCommands = true, ILocalRunner? runner = null)
    {
        var environment = new TemplateEnvironment(Root, runner ?? new LocalRunner(), runsCommands)
        {
            Yaml = new YamlReader(),
            Note = Notes.Add,
        };
        foreach (var (name, value) in Variables) environment[name] = value;
        if (!withRuby) environment["PATH"] = Path.Combine(Root, ".bin");
        return environment;
    }

    /// <summary>What a template gives; null with its problems where it gives nothing.</summary>
    public async Task<SourceText?> RenderAsync(string template, TemplateEnvironment? environment = null, string file = "config/deploy.yml")
    {
        Problems.Clear();
        return await new TemplateRenderer(file, environment ?? Environment(), Problems, CancellationToken.None).RenderAsync(template);
    }

    private static string? Find(string program) =>
        new ProgramFinder()
            .Find(program, "/", System.Environment.GetEnvironmentVariable("PATH"), System.Environment.GetEnvironmentVariable("PATHEXT"));
}
