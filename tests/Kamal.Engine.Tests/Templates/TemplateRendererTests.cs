using CsCheck;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;
using Kamal.Engine.Templates;
using Xunit;

namespace Kamal.Engine.Tests.Templates;

[Trait("Category", "Linux")]
public sealed class TemplateRendererTests : IDisposable
{
    private readonly TemplateProject _project = new();
    private readonly List<ConfigurationProblem> _problems = [];

    private string _directory => _project.Root;

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("""<%= ENV["KAMAL_T"] %>""", "value")]
    [InlineData("""<%= ENV["KAMAL_NOT_SET"] %>""", "")]
    [InlineData("""<%= ENV["KAMAL_NOT_SET"] || "d" %>""", "d")]
    [InlineData("""<%= ENV.fetch("KAMAL_T") %>""", "value")]
    [InlineData("""<%= ENV.fetch("KAMAL_NOT_SET", "d") %>""", "d")]
    [InlineData("""<%= ENV.fetch('KAMAL_NOT_SET') { "d" } %>""", "d")]
    [InlineData("""<%= ENV["KAMAL_T"].upcase.downcase.strip %>""", "value")]
    [InlineData("""<%= " a ".strip + 'b\n' %>""", @"ab\n")]
    [InlineData("""<%= %x(echo hi) %>|""", "hi\n|")]
    [InlineData("""<%= %x[printf %s "$KAMAL_X"] %>|""", "|")]
    [InlineData("<%= `echo hi`.chomp %>|", "hi|")]
    [InlineData("<%= `echo #{1 + 1}`.to_i * 3 %>", "6")]
    [InlineData("""<%= "us" + "er" %>""", "user")]
    [InlineData("<%= 1+1 %>", "2")]
    [InlineData("<%= 7 / 2 %> <%= -7 / 2 %> <%= 7.0 / 2 %> <%= -7 % 3 %>", "3 -4 3.5 2")]
    [InlineData("a<%# comment %>b", "ab")]
    [InlineData("a\n<% if true -%>\nb\n<% end -%>\nc", "a\nb\nc")]
    [InlineData("a\n  <%- if true -%>\nb\n  <%- end -%>\nc", "a\nb\nc")]
    [InlineData("<% if ENV[\"KAMAL_NOT_SET\"] %>a<% elsif 1 == 2 %>b<% else %>c<% end %>", "c")]
    [InlineData("<% unless ENV.key?('KAMAL_NOT_SET') %>a<% end %>", "a")]
    [InlineData("<% %w[a b].each do |x| %><%= x %>,<% end %>", "a,b,")]
    [InlineData("<% [1, 'b'].each do |x| -%>\n<%= x %>\n<% end -%>\n", "1\nb\n")]
    [InlineData("<% (1..3).each do |i| %>web-<%= i %> <% end %><% (1...1 + 1).each do |i| %><%= i %><% end %>", "web-1 web-2 web-3 1")]
    [InlineData("<% x = ENV['KAMAL_T'] %><%= x == 'value' ? 'yes' : 'no' %>", "yes")]
    [InlineData("<%= \"#{ENV['KAMAL_T']}-#{2 * 2}\" %>", "value-4")]
    [InlineData("<%% not %%> <%= '%%>' %>", "<% not %%> %>")]
    [InlineData("<%= %w[b a].sort.join(', ') %>", "a, b")]
    [InlineData("<%= %w[b a] %>", "[\"b\", \"a\"]")]
    [InlineData("<%= [\"a\\n\\\"\"] %>", "[\"a\\n\\\"\"]")]
    [InlineData("<%= nil %><%= true && !false %>", "true")]
    [InlineData("<%= ENV['KAMAL_DESTINATION'] %>", "staging")]
    [InlineData("<%= File.read('note.txt').strip %>", "from a file")]
    [InlineData("<%= File.exist?('nothing') %>", "false")]
    [
        InlineData(
            "<% require \"dotenv\"; Dotenv.load(\".env\") %><%= ENV['KAMAL_DOT'] %>|<%= ENV['KAMAL_T'] %>|<%= ENV['KAMAL_REF'] " +
            "%>|<%= `printf %s \"$KAMAL_DOT\"` %>",
            "a b|value|a b!|a b")]
    [InlineData("<%= \"a-b\".gsub('-', '_').sub('a', 'c') %><%= 'x,y'.split(',').last %>", "c_by")]
    [InlineData("<%= ENV['KAMAL_NOT_SET']&.strip || 'none' %>", "none")]
    [InlineData("<%= (1..3) %>", "1..3")]
    [InlineData("<% 5.times do |i| %>x<% end %>", "xxxxx")]
    [InlineData("<% require \"dotenv\"; Dotenv.load(\".env\", overwrite: true) %><%= ENV['KAMAL_T'] %>", "other")]
    [InlineData("<% Dotenv.load(\".missing\", \".env\") if defined?(Dotenv) %><%= ENV['KAMAL_DOT'] %>", "a b")]
    [InlineData("<% begin; require 'dotenv/load'; rescue LoadError; end %><%= ENV['KAMAL_DOT'] %>", "a b")]
    [InlineData("<%= Dotenv.parse('.env')['KAMAL_DOT'] %>", "a b")]
    [InlineData("<%= ' '.blank? %> <%= 'a'.present? %> <%= ''.presence || 'none' %>", "true true none")]
    [InlineData("<%= 'ok' if_not_code %>", null)]
    public async Task Renders(string template, string? expected)
    {
        var rendered = await RenderAsync(template);
        Assert.Equal(expected, rendered?.Text);
        Assert.Equal(expected is null, _problems.Count > 0);
    }

    [Theory]
    [InlineData("<%= Rails.env %>", "Rails is not supported without Ruby: put ruby on PATH, or write config/deploy.ps1 instead")]
    [InlineData("<%= ENV.to_h %>", "a hash as text, which Ruby's versions write differently (use .to_json), is not supported without Ruby")]
    [InlineData("<%= %>", "an expression that ends early is not supported")]
    [InlineData("<%= 'a", "<% is never closed with %>")]
    [InlineData("<%= 'a %>", "has no end")]
    [InlineData("<%= spawn('x') %>", "the name spawn is not supported")]
    [InlineData("<%= undefined_name %>", "the name undefined_name is not supported")]
    [InlineData("<%= ENV.fetch('KAMAL_NOT_SET') %>", "the environment variable KAMAL_NOT_SET is not set, and ENV.fetch has no default")]
    [InlineData("<%= ENV['KAMAL_NOT_SET'].strip %>", ".strip is called on nothing (nil)")]
    [InlineData("<%= `kamal-no-such-program --version` %>", "the command kamal-no-such-program does not exist")]
    [InlineData("<%= File.read('nothing') %>", "the file nothing cannot be read")]
    [InlineData("<% if true %>x", "has no <% end %>")]
    [InlineData("<% end %>", "belongs to no block")]
    [InlineData("<%= 5.downcase %>", "the method .downcase of an Integer is not supported")]
    [InlineData("<% (1..1_000_000_000).each do |i| %>x<% end %>", "the range has more than 100000 numbers")]
    [InlineData("<%= 1 / 0 %>", "a number is divided by 0")]
    [InlineData("<% raise \"set X\" unless ENV[\"KAMAL_NOT_SET\"] %>", "set X")]
    [InlineData("<% # why %>b: 1", "a comment at the end of a tag, which in Ruby hides what follows the tag")]
    [InlineData("<% require 'rails' %>", "require of \"rails\" is not supported")]
    public async Task NamesWhatIsWrong(string template, string message)
    {
        var rendered = await RenderAsync("first: 1\n" + template);
        Assert.Null(rendered);
        Assert.Contains(message, _problems[0].Message, StringComparison.Ordinal);
        Assert.Equal(("deploy.yml", 2), (_problems[0].File, _problems[0].Line));
    }

    /// <summary>Outside of a git repository, say. Ruby's value is what the command printed, whatever its exit code.</summary>
    [Theory]
    [InlineData("<%= `exit 3` %>|", "|", "the command exit failed with exit code 3 and printed nothing, so its value is empty")]
    [InlineData("<%= `false; exit 4`.strip.empty? ? 'dev' : 1 %>", "dev", "the command false; failed with exit code 4")]
    [InlineData("<%= `exit 3 2>/dev/null`.strip.presence || 'dev' %>", "dev", null)]
    [InlineData("<%= `echo a; exit 3` %>", "a\n", null)]
    [InlineData("# <%= `exit 3` %>|", "# |", null)]
    [InlineData("<% x = begin; `kamal-no-such-program`; rescue StandardError; 'none'; end %><%= x %>", "none", null)]
    [InlineData("<%= `kamal-no-such-program 2>/dev/null || exit 5`.strip %>|", "|", null)]
    public async Task ACommandThatFailsHasTheValueThatItPrinted(string template, string expected, string? warning)
    {
        Assert.Equal("first: 1\n" + expected, (await RenderAsync("first: 1\n" + template))?.Text);
        if (warning is null) Assert.Empty(_problems);
        else
        {
            var problem = Assert.Single(_problems);
            Assert.Equal((true, 2), (problem.IsWarning, problem.Line));
            Assert.StartsWith(warning, problem.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// As in <c>.kamal/secrets</c>: what a command prints is the value; one that fails is an error for whoever wants the value.
    /// </summary>
    [Fact]
    public async Task DotenvFilesMayHaveCommands()
    {
        _project.Write(".env.cmd", "KAMAL_CMD=$(printf made)\nKAMAL_UNUSED=$(cat missing)\nKAMAL_BOTH=${KAMAL_CMD}-$(printf x)\n");
        Assert.Equal(
            "made made-x",
            (await RenderAsync("<% Dotenv.load('.env.cmd') %><%= ENV['KAMAL_CMD'] %> <%= ENV['KAMAL_BOTH'] %>"))?.Text);
        Assert.Empty(_problems);
        Assert.Null(await RenderAsync("<% Dotenv.load('.env.cmd') %><%= ENV['KAMAL_UNUSED'] %>"));
        Assert.Contains("KAMAL_UNUSED (.env.cmd:2)", Assert.Single(_problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutCommandsADotenvFileHasItsOtherValues()
    {
        _project.Write(".env.cmd", "KAMAL_CMD=$(touch pwned)\nKAMAL_PLAIN=p\n");
        var rendered = await _project.RenderAsync(
            "<% Dotenv.load('.env.cmd') %><%= ENV['KAMAL_PLAIN'] %>", _project.Environment(runsCommands: false));
        Assert.Equal("p", rendered?.Text);
        Assert.Null(
            await _project.RenderAsync("<% Dotenv.load('.env.cmd') %><%= ENV['KAMAL_CMD'] %>", _project.Environment(runsCommands: false)));
        Assert.Equal(
            ".env.cmd: the command of KAMAL_CMD is not run (-NoTemplateCommand, --no-template-command)",
            Assert.Single(_project.Problems).Message);
        Assert.False(File.Exists(Path.Combine(_directory, "pwned")));
    }

    [Fact]
    public async Task WhatATemplateSetsIsSetForTheSecrets()
    {
        var environment = _project.Environment();
        await _project.RenderAsync("<% ENV['KAMAL_SET'] = 's' %><% ENV['KAMAL_GONE'] = 'g'; ENV.delete('KAMAL_GONE') %>", environment);
        Assert.Equal("s", environment.Loaded["KAMAL_SET"]);
        Assert.DoesNotContain("KAMAL_GONE", environment.Loaded.Keys);
        Assert.Null(Environment.GetEnvironmentVariable("KAMAL_SET"));
    }

    [Fact]
    public async Task ReportsEveryError()
    {
        await RenderAsync("a: <%= Foo.bar %>\nb: <%= 1 %>\nc: <%= system %>\n<% if Bar.x %>\n<%= Baz.y %>\n<% end %>\n<%= zoo( %>\n");
        Assert.Equal([1, 4, 5, 7], _problems.Select(problem => problem.Line));
    }

    [Fact]
    public async Task KeepsTheLinesOfTheFile()
    {
        var rendered = await RenderAsync("a: 1\n<% %w[x y].each do |h| -%>\n<%= h %>: 1\nz: 2\n<% end -%>\nb: <%= \"l1\\nl2\" %>\nc: 3\n");
        Assert.Equal("a: 1\nx: 1\nz: 2\ny: 1\nz: 2\nb: l1\nl2\nc: 3\n", rendered!.Text);
        Assert.Equal([1, 3, 4, 3, 4, 6, 6, 7], Enumerable.Range(1, 8).Select(line => rendered.At(line, 5).Line));
        Assert.Equal((0, 5), (rendered.At(2, 5).Column, rendered.At(3, 5).Column));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("!", "")]
    [InlineData("\"#{", "}\"")]
    public async Task IsBoundedInDepth(string open, string close)
    {
        var code = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));
        await RenderAsync($"<%= {code} %>");
        Assert.True(_problems.Count <= 1);
    }

    [Fact]
    public async Task IsBoundedInLoops()
    {
        var list = "%w[" + string.Join(' ', Enumerable.Repeat("a", 1000)) + "]";
        var loop = $"<% {list}.each do |x| %>";
        await RenderAsync(string.Concat(Enumerable.Repeat(loop, 5)) + "y" + string.Concat(Enumerable.Repeat("<% end %>", 5)));
        Assert.Contains("more than", Assert.Single(_problems).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Programs of a few lines that cost gigabytes or hours elsewhere: each ends in an error with its line, and the bound.
    /// </summary>
    [Theory]
    [InlineData("<% x = [1] %><% (1..40).each do |i| %><% x = x + x %><% end %>", "the list grows too long")]
    [InlineData("<% x = [1] %><% (1..60).each do |i| %><% x = [x, x] %><% end %><%= x %>", "nested deeper than 32 levels")]
    [InlineData("<% x = [] %><% (1..60).each do |i| %><% x = [x, x] %><% end %><%= x.join %>", "values in lists")]
    [
        InlineData(
            "<% x = [] %><% y = [] %><% (1..60).each do |i| %><% x = [x, x] %><% y = [y, y] %><% end %><%= x == y %>",
            "values in lists")]
    [InlineData("<% x = 'a' %><% (1..40).each do |i| %><% x = x + x %><% end %>", "the text grows too large")]
    [InlineData("<% x = 'a' %><% (1..40).each do |i| %><% x = \"#{x}#{x}\" %><% end %>", "the text grows too large")]
    [InlineData("<% x = 'aaaaaaaaaaaaaaaa' %><% (1..40).each do |i| %><% x = x.gsub('a', x) %><% end %>", "the text grows too large")]
    [InlineData("<% x = 'a b' %><% (1..40).each do |i| %><% x = x.split.join(x) %><% end %>", "the text grows too large")]
    [
        InlineData(
            "<% x = 'ab' %><% (1..22).each do |i| %><% x = x + x %><% end %><% y = [] %><% (1..40).each do |i| %><% y = y + " +
            "[x.upcase, x.reverse_not_there] %><% end %>",
            "the method .reverse_not_there of a String is not supported")]
    [
        InlineData(
            "<% x = 'ab' %><% (1..21).each do |i| %><% x = x + x %><% end %><% y = [] %><% (1..60).each do |i| %><% y = y + [x + " +
            "'c'] %><% end %>",
            "million characters of text")]
    [InlineData("<% x = \"\\n\" %><% (1..22).each do |i| %><% x = x + x %><% end %><%= x.lines.size %>", "the list grows too long")]
    [InlineData("<% x = 'a ' %><% (1..22).each do |i| %><% x = x + x %><% end %><%= x.split.size %>", "the list grows too long")]
    [InlineData("<% (1..100000).each do |i| %><% (1..100000).each do |j| %><% end %><% end %>", "more than")]
    [InlineData("<%= File.read('/dev/zero') %>", "/dev/zero is larger than 8 MiB")]
    public async Task IsBoundedInTimeAndMemory(string template, string message)
    {
        var before = GC.GetTotalAllocatedBytes();
        Assert.Null(await RenderAsync("first: 1\n" + template));
        Assert.Contains(_problems, problem => problem.Message.Contains(message, StringComparison.Ordinal) && problem.Line == 2);
        // The suite's other tests allocate meanwhile; what was not bounded made tens of gigabytes.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 8L * 1024 * 1024 * 1024);
    }

    [Fact]
    public async Task TextMethodsAreLinear()
    {
        var rendered = await RenderAsync(
            "<% x = \"a\\nb\" %><% (1..15).each do |i| %><% x = x + x %><% end %><%= x.lines.size %> <%= x.lines.first == \"a\\n\" " +
            "%> <%= \"a\\nb\".lines.last %>");
        Assert.Equal("32769 true b", rendered!.Text);
    }

    [Fact]
    public async Task IsStoppedInTheMiddle()
    {
        using var stop = new CancellationTokenSource();
        var environment = new TemplateEnvironment(
            _directory, new RecordingRunner { Answer = command => { stop.Cancel(); return Out(command); } });
        var rendering = new TemplateRenderer("f", environment, _problems, stop.Token)
            .RenderAsync("<% (1..100000).each do |i| %><% `stop` %><% end %>");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rendering);
    }

    [Fact]
    public void AnyTemplateIsRenderedOrRefused()
    {
        string[] pieces =
        [
            "<%", "%>", "<%=", "<%#", "-%>", "<%-", "<%%", " if ", " else ", " end ", "elsif ", "ENV", "[\"X\"]", "(1..", "...",
            ".fetch(", ")", "\"", "'", "`", "%w[", "%x(", "#{", "}", "{", "|x|", ".each do", "x", "=", "==", "+", "||", "!", "?",
            ":", "1", "nil", ".strip", ".to_i", "\n", " ", ";", ",", "\\", "&.", "é",
        ];
        Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).List[0, 40].Sample(
            parts =>
            {
                var problems = new List<ConfigurationProblem>();
                var environment = new TemplateEnvironment(_directory, new RecordingRunner { Answer = Out });
                var rendered = new TemplateRenderer("f", environment, problems, CancellationToken.None)
                    .RenderAsync("<%= " + string.Concat(parts)).GetAwaiter().GetResult();
                Assert.NotEqual(rendered is null, problems.Count == 0);
            },
            iter: 3000);
    }

    private static LocalResult Out(LocalCommand command) => new(command, 0, "out\n");

    private async Task<SourceText?> RenderAsync(string template)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "note.txt"), "from a file\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(_directory, ".env"), "# c\nKAMAL_DOT=\"a b\"\nexport KAMAL_T=other\nKAMAL_REF=${KAMAL_DOT}! # x\n",
            TestContext.Current.CancellationToken);
        var environment = _project.Environment();
        return await new TemplateRenderer("deploy.yml", environment, _problems, TestContext.Current.CancellationToken)
            .RenderAsync(template);
    }
}
