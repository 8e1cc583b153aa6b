using Xunit;

namespace Kamal.Engine.Tests.Templates;

/// <summary>What stands in a comment has no effect where it cannot be evaluated; what only looks like a comment has.</summary>
[Trait("Category", "Linux")]
public sealed class TemplateCommentsTests : IDisposable
{
    private readonly TemplateProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("# x: <%= Rails.env %>|\n", "# x: |\n")]
    [InlineData("#   RUBY_VERSION: <%= ENV[\"A\"] || \"#{RUBY_ENGINE}-#{RUBY_ENGINE_VERSION}\" %>\n", "#   RUBY_VERSION: \n")]
    [InlineData("a: 1 # <%= foo( %>\nb: 2\n", "a: 1 # \nb: 2\n")]
    [InlineData("a: <%= 1 %> # <%= Foo.bar || raise %>\n", "a: 1 # \n")]
    [InlineData("# <%= ENV.fetch('KAMAL_UNSET') %> <%= File.read('missing') %> <%= `exit 3` %> <%= nil.upcase %>\n", "#    \n")]
    [InlineData("# <%= Foo ||\n#   Bar %>\na: <%= 1 %>\n", "# \na: 1\n")]
    [InlineData("# <% x = 5 %>\na: <%= x %>\n", "# \na: 5\n")]
    [InlineData("# <% y = Foo.bar %>\na: 1\n", "# \na: 1\n")]
    [InlineData("# <% if Rails.env.production? %>\n# a: <%= Foo %>\n# <% end %>\nb: 1\n", "# \nb: 1\n")]
    [InlineData("# <% %w[a b].each do |h| %>\n- <%= h %>\n# <% end %>\n", "# \n- a\n# \n- b\n# \n")]
    [InlineData("# <%= 1 + 1 %>\n", "# 2\n")]
    [InlineData("# it's <%= Foo %>\na: \"x\" # \"<%= Foo %>\n", "# it's \na: \"x\" # \"\n")]
    [InlineData("a: |\n  text\nb: 1 # <%= Foo %>\n", "a: |\n  text\nb: 1 # \n")]
    [InlineData("- a: |\n    text\n  # <%= Foo %>\n", "- a: |\n    text\n  # \n")]
    [InlineData("a: 'x\n  y' # <%= Foo %>\n", "a: 'x\n  y' # \n")]
    [InlineData("a: it's # <%= Foo %>\n", "a: it's # \n")]
    public async Task HasNoEffect(string template, string expected)
    {
        Assert.Equal(expected, (await _project.RenderAsync(template))?.Text);
        Assert.Empty(_project.Problems);
    }

    [Theory]
    [InlineData("a: \"b # <%= Foo %>\"\n", 1)]
    [InlineData("a: 'b # <%= Foo %>'\n", 1)]
    [InlineData("a: 'it''s # <%= Foo %>'\n", 1)]
    [InlineData("a: \"x \\\" # <%= Foo %>\"\n", 1)]
    [InlineData("a: \"x\n  # <%= Foo %>\"\n", 2)]
    [InlineData("a: b#<%= Foo %>\n", 1)]
    [InlineData("a: <%= 1 %>#<%= Foo %>\n", 1)]
    [InlineData("script: |\n  # <%= Foo %>\n  ls\n", 2)]
    [InlineData("script: >-\n\n    one\n    # <%= Foo %>\n", 4)]
    [InlineData("- key: |2\n    # <%= Foo %>\n", 2)]
    [InlineData("- |\n  # <%= Foo %>\n", 2)]
    [InlineData("# <% if Rails.env %>\na: 1\n# <% end %>\n", 1)]
    [InlineData("# <% raise 'set X' %>\n", 1)]
    public async Task OnlyLooksLikeAComment(string template, int line)
    {
        Assert.Null(await _project.RenderAsync(template));
        Assert.Equal(line, _project.Problems[0].Line);
    }

    /// <summary>An accessory's file has comments of any kind; only whole lines are known to be some.</summary>
    [Theory]
    [InlineData("config/my.cnf.erb", "[mysqld]\n# x=<%= Foo.bar %>\na=<%= 1 %>\n", true)]
    [InlineData("config/my.cnf.erb", "a=1 # <%= Foo.bar %>\n", false)]
    [InlineData("config/my.yml.erb", "a: 1 # <%= Foo.bar %>\n", true)]
    public async Task OfAnAccessory(string file, string template, bool hasNoEffect)
    {
        Assert.Equal(hasNoEffect, await _project.RenderAsync(template, file: file) is not null);
        if (!hasNoEffect)
        {
            Assert.EndsWith(
                "Foo is not supported without Ruby: put ruby on PATH, or write the file without it", _project.Problems[0].Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RubyIsNotAskedForComments()
    {
        Assert.Equal(
            "# \na: 1\n",
            (await _project.RenderAsync("# <%= Foo.bar %>\na: <%= 1 %>\n", _project.Environment(withRuby: true)))?.Text);
        Assert.Empty(_project.Notes);
    }
}
