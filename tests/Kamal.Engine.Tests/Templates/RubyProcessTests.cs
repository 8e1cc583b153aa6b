using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Templates;

/// <summary>Templates that the machine's ruby renders.</summary>
[Trait("Category", "Linux")]
public sealed class RubyProcessTests : IDisposable
{
    /// <summary>A form that only Ruby knows.</summary>
    private const string Exotic = "<%= Struct.new(:a).new(1).a %>";

    private readonly TemplateProject _project = new();

    public RubyProcessTests() => RubyFormsTests.RequireRuby();

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task RendersInTheProjectWithTheTemplatesVariables()
    {
        var rendered = await _project.RenderAsync(
            $"a: {Exotic}\nb: <%= File.read('note.txt').strip %>\nc: <%= ENV['KAMAL_DESTINATION'] %>\n<% if true -%>\nd: 1\n<% end " +
            "-%>\ne: 2\n",
            WithRuby());
        Assert.Equal("a: 1\nb: from a file\nc: staging\nd: 1\ne: 2\n", rendered!.Text);
        Assert.Equal("config/deploy.yml: rendering with ruby, because Struct is not supported without Ruby", Assert.Single(_project.Notes));
        Assert.Equal([5, 7], new[] { 4, 5 }.Select(line => rendered.At(line, 1).Line));
    }

    [Fact]
    public async Task WhatItSetsIsSetForTheOtherTemplatesAndTheSecrets()
    {
        var environment = WithRuby();
        await _project.RenderAsync($"<% ENV['KAMAL_NEW'] = 'n'; ENV.delete('KAMAL_T') %>{Exotic}", environment);
        Assert.Equal(("n", null), (environment["KAMAL_NEW"], environment["KAMAL_T"]));
        Assert.Equal("n", environment.Loaded["KAMAL_NEW"]);
    }

    [Fact]
    public async Task ItsErrorsHaveTheirLineAndNoValues()
    {
        var environment = WithRuby();
        environment["KAMAL_PASSWORD"] = "hunter2-hunter2";
        Assert.Null(await _project.RenderAsync($"a: {Exotic}\nb: <%= ENV['KAMAL_PASSWORD'].frobnicate %>\n", environment));
        var problem = Assert.Single(_project.Problems);
        Assert.Equal(
            (2, "ruby cannot render the template: undefined method frobnicate for a String (NoMethodError)"),
            (problem.Line, problem.Message));

        Assert.Null(await _project.RenderAsync($"{Exotic}\n<% raise \"bad #{{ENV['KAMAL_PASSWORD']}}\" %>\n", environment));
        Assert.Equal(
            (2, "ruby cannot render the template: bad [REDACTED] (RuntimeError)"),
            (_project.Problems[0].Line, _project.Problems[0].Message));

        Assert.Null(await _project.RenderAsync("a: 1\nb: <%= Struct.new( %>\n", environment));
        Assert.Equal(2, _project.Problems[0].Line);
        Assert.EndsWith("(SyntaxError)", _project.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommentsDoNotEndIt()
    {
        var rendered = await _project.RenderAsync(
            $"# <%= Foo.bar %> <%= foo( %>\n# <% x = Foo.bar %>\n# <% y = 7 %>\na: {Exotic}\nb: <%= y %>\n", WithRuby());
        Assert.Empty(_project.Problems);
        Assert.Equal("#  \n# \n# \na: 1\nb: 7\n", rendered!.Text);
    }

    /// <summary>Debian's ruby has no dotenv, which Kamal brings.</summary>
    [Fact]
    public async Task LoadsDotenvFilesWithoutTheGem()
    {
        _project.Write(".env", "KAMAL_DOT=\"a b\"\nKAMAL_T=other\n").Write(".env.more", "KAMAL_CMD=$(printf made)\n");
        var template = "<% require \"dotenv\"; Dotenv.load; Dotenv.load('.env.more', '.env.missing') %><%= [ENV['KAMAL_DOT'], " +
            $"ENV['KAMAL_T'], ENV['KAMAL_CMD']] %>{Exotic}";
        Assert.Equal("[\"a b\", \"value\", \"made\"]1", (await _project.RenderAsync(template, WithRuby()))?.Text);
        Assert.Empty(_project.Problems);
    }

    [Fact]
    public async Task WhatItPrintsIsNoPartOfTheFile()
    {
        Assert.Equal("1", (await _project.RenderAsync($"<% puts 'said'; system('echo shouted') %>{Exotic}", WithRuby()))!.Text);
        Assert.Contains(
            _project.Notes,
            note => note.Contains("said", StringComparison.Ordinal) && note.Contains("shouted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunsOnceAndGetsTheTemplateAtItsInput()
    {
        var runner = new Watching();
        await _project.RenderAsync(
            $"<%= 'secret-in-the-template' %>{Exotic}{Exotic}", _project.Environment(withRuby: true, runner: runner));
        var command = Assert.Single(runner.Commands);
        Assert.Equal("ruby", command.FileName);
        Assert.DoesNotContain(
            command.Arguments, argument => argument.Reveal().Contains("secret-in-the-template", StringComparison.Ordinal));
        Assert.NotNull(command.Timeout);
    }

    [Fact]
    public async Task IsStopped()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var rendering = new Kamal.Engine.Templates.TemplateRenderer("f", WithRuby(), _project.Problems, stop.Token)
            .RenderAsync(Exotic + "<% sleep 600 %>");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rendering);
    }

    [Fact]
    public async Task AProgramThatIsNoRubyIsNamed()
    {
        var bin = Path.Combine(_project.Root, ".bin", "ruby");
        await File.WriteAllTextAsync(
            bin, "#!/bin/sh\necho 'rbenv: version 9 is not installed' >&2; exit 127\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(bin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Null(await _project.RenderAsync(Exotic));
        Assert.Equal(
            "ruby cannot render the template: ruby ended with exit code 127: rbenv: version 9 is not installed",
            _project.Problems[0].Message);
    }

    private Kamal.Engine.Templates.TemplateEnvironment WithRuby() => _project.Environment(withRuby: true);

    private sealed class Watching : ILocalRunner
    {
        public List<LocalCommand> Commands { get; } = [];

        public Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
        {
            Commands.Add(command);
            return new LocalRunner().RunAsync(command, lines, cancellationToken);
        }
    }
}
