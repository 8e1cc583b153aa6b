using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

[Trait("Category", "Linux")]
public sealed class ProgramFinderTests
{
    [Theory]
    [InlineData("op", "/usr/bin/op")]
    [InlineData("docker", "/usr/local/bin/docker")]
    [InlineData("./run", "/project/run")]
    [InlineData("/opt/tool", "/opt/tool")]
    [InlineData("run", null)]
    [InlineData("", null)]
    [InlineData("a\0b", null)]
    public void On_unix_a_name_is_looked_up_in_path_only(string name, string? expected)
    {
        string[] files = ["/usr/bin/op", "/usr/local/bin/docker", "/usr/bin/docker", "/project/run", "/opt/tool", "bin/run"];
        var finder = new ProgramFinder { IsWindows = false, IsExecutable = files.Contains };
        Assert.Equal(expected, finder.Find(name, "/project", "/usr/local/bin::bin:/usr/bin", null));
    }

    [Theory]
    [InlineData("bw", "bw.CMD")]
    [InlineData("op", "op.EXE")]
    [InlineData("op.exe", "op.exe")]
    [InlineData("gcloud", "gcloud.CMD")]
    [InlineData("none", null)]
    public void On_windows_the_extensions_are_tried(string name, string? expected)
    {
        string[] files = ["/tools/bw", "/tools/bw.CMD", "/tools/op.EXE", "/tools/op.exe", "/tools/gcloud", "/tools/gcloud.CMD"];
        var finder = new ProgramFinder { IsWindows = true, IsExecutable = files.Contains };
        Assert.Equal(expected is null ? null : "/tools/" + expected, finder.Find(name, "/project", "\"/tools\";relative", ".EXE;.CMD"));
        if (name != "none") Assert.NotNull(finder.Find(name, "/project", "/tools", null));
    }

    [Theory]
    [InlineData(".JS;.PY;.EXE;.CMD", "/tools/bw.CMD")]
    [InlineData(".JS;.PY", "/tools/bw.CMD")]
    [InlineData(".EXE;.JS", null)]
    public void Files_that_only_another_program_opens_are_not_started(string extensions, string? expected)
    {
        string[] files = ["/tools/bw.JS", "/tools/bw.PY", "/tools/bw.CMD"];
        var finder = new ProgramFinder { IsWindows = true, IsExecutable = files.Contains };
        Assert.Equal(expected, finder.Find("bw", "/project", "/tools", extensions));
        Assert.Equal(expected is null ? null : "/tools/bw.CMD", finder.Find("/tools/bw", "/project", "", extensions));
    }

    [Fact]
    public void A_batch_file_gets_every_argument_quoted()
    {
        var line = BatchFileLine.Build(@"C:\tools\bw.cmd", LocalCommand.Of("bw", "get", "item", "a&b c", @"dir\"));
        Assert.Equal("""/d /v:off /s /c ""C:\tools\bw.cmd" "get" "item" "a&b c" "dir\\"" """.TrimEnd(), line);
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("%PATH%")]
    [InlineData("a\nb")]
    public void A_batch_file_gets_no_argument_that_cmd_would_act_on(string argument)
    {
        var error = Assert.Throws<KamalException>(() =>
            BatchFileLine.Build(@"C:\tools\bw.cmd", LocalCommand.Of("bw", LocalText.Redacted(argument))));
        Assert.Equal(KamalErrorId.LocalCommandFailed, error.Id);
        Assert.DoesNotContain(argument, error.Message, StringComparison.Ordinal);
    }
}
