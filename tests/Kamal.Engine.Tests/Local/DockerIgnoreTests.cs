using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

public sealed class DockerIgnoreTests
{
    [Theory]
    [InlineData("", "a", false)]
    [InlineData("# a\n", "a", false)]
    [InlineData("a", "a", true)]
    [InlineData("/a\r\n", "a", true)]
    [InlineData("./a/", "a/b/c", true)]
    [InlineData("a", "b/a", false)]
    [InlineData("**/a", "b/c/a", true)]
    [InlineData("**/a", "a", true)]
    [InlineData("**", "x/y", true)]
    [InlineData("*.md", "README.md", true)]
    [InlineData("*.md", "docs/README.md", false)]
    [InlineData("docs/**", "docs/x/y", true)]
    [InlineData("*/temp*", "a/temporary.txt", true)]
    [InlineData("temp?", "tempa", true)]
    [InlineData("temp?", "temp/a", false)]
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("*.md\n!README.md", "README.md", false)]
    [InlineData("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true)]
    [InlineData("node_modules\n!node_modules/keep", "node_modules/keep/file", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData(".", "a", false)]
    [InlineData("\uFEFFa", "a", true)]
    public void Leaves_out_what_BuildKit_leaves_out(string text, string path, bool excluded) =>
        Assert.Equal(excluded, DockerIgnore.Parse(text).Excludes(path));

    [Fact]
    public void A_Dockerfile_may_have_a_file_of_its_own()
    {
        var folder = Directory.CreateTempSubdirectory("kamal-ignore").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, ".dockerignore"), "common");
            File.WriteAllText(Path.Combine(folder, "App.dockerignore"), "own");
            Assert.True(DockerIgnore.Read(folder, Path.Combine(folder, "App")).Excludes("own"));
            Assert.True(DockerIgnore.Read(folder, Path.Combine(folder, "Dockerfile")).Excludes("common"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
