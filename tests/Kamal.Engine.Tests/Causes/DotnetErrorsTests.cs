using Kamal.Engine.Causes;
using Xunit;

namespace Kamal.Engine.Tests.Causes;

public sealed class DotnetErrorsTests
{
    [Theory]
    [InlineData("/b/Program.cs(3,5): error CS1002: ; expected [/b/App.csproj]", "Program.cs(3,5): error CS1002: ; expected")]
    [InlineData(
        "/b/src/A/A.cs(1,1): error CS0103: The name 'x' does not exist in the current context [/b/src/A/A.csproj::TargetFramework=net8.0]",
        "src/A/A.cs(1,1): error CS0103: The name 'x' does not exist in the current context")]
    [InlineData("/b2/Program.cs(3,5): error CS1002: ; expected [/b2/App.csproj]", "/b2/Program.cs(3,5): error CS1002: ; expected")]
    [InlineData("CSC : error CS5001: Program does not contain a static 'Main' [/b/App.csproj]",
        "CSC: error CS5001: Program does not contain a static 'Main'")]
    [InlineData("MSBUILD : error MSB1003: Specify a project or solution file.", "error MSB1003: Specify a project or solution file.")]
    [InlineData("    /b/App.csproj : error NU1101: Unable to find package Foo: no such [x]",
        "App.csproj: error NU1101: Unable to find package Foo: no such [x]")]
    [InlineData(
        "/usr/dotnet/sdk/10.0.401/Containers/build/Microsoft.NET.Build.Containers.targets(200,5): error CONTAINER1016: Unable. [/b/App.csproj]",
        "error CONTAINER1016: Unable.")]
    [InlineData(
        "/c/dotnet/0a/kamal.targets(6,5): error KAMAL1: App.csproj is not an app [/b/App.csproj]",
        "error KAMAL1: App.csproj is not an app")]
    [InlineData("/b/App.csproj(9,3): error : No such [/b/App.csproj]", "App.csproj(9,3): error: No such")]
    [InlineData("error MSB4025: The project file could not be loaded.", "error MSB4025: The project file could not be loaded.")]
    public void An_error_is_told_as_MSBuild_prints_it_without_what_says_nothing(string line, string expected) =>
        Assert.Equal(expected, Assert.Single(DotnetErrors.Read("  Determining projects...\n" + line + "\r\n", "/b").Lines));

    [Fact]
    public void On_Windows_paths_have_drives() => Assert.Equal(
        @"src\Program.cs(3,5): error CS1002: ; expected",
        Assert.Single(DotnetErrors.Read(@"C:\b\src\Program.cs(3,5): error CS1002: ; expected [C:\b\App.csproj]", @"C:\b\").Lines));

    [Theory]
    [InlineData("    0 Error(s)")]
    [InlineData("Program.cs(3,5): warning CS0168: error")]
    [InlineData("this is an error message without a colon")]
    [InlineData("errors: none")]
    [InlineData("note: error handling: see below")]
    [InlineData("x: error CS1002:")]
    [InlineData("")]
    public void Other_lines_are_no_errors(string line) => Assert.Empty(DotnetErrors.Read(line, "/b").Lines);

    [Theory]
    [InlineData(
        "/sdk/x.targets(255,5): message : [Microsoft.NET.Containers.Registry] Uploading layer 'sha256:86' to 'r:5000'. [/b/W.csproj]",
        "  Uploading layer 'sha256:86' to 'r:5000'.")]
    [InlineData("/sdk/x.targets(255,5): message : [T] Uploading", "  Uploading")]
    [InlineData("  Pushed image 'me/shop:v1' to registry 'r:5000'.", "  Pushed image 'me/shop:v1' to registry 'r:5000'.")]
    [InlineData("a): message : [", "a): message : [")]
    [InlineData("", "")]
    public void What_the_SDK_does_with_the_image_is_shown_without_its_own_files(string line, string expected) =>
        Assert.Equal(expected, DotnetErrors.Shown(line));

    [Fact]
    public void Each_is_told_once_and_never_are_there_many()
    {
        var lines = Enumerable.Range(1, 30).Select(number => $"/b/A.cs({number},1): error CS1002: ; expected [/b/A.csproj]").ToList();
        var errors = DotnetErrors.Read(string.Join('\n', lines.Concat(lines)), "/b").Lines;
        Assert.Equal(11, errors.Length);
        Assert.Equal("A.cs(1,1): error CS1002: ; expected", errors[0]);
        Assert.Equal("… and 20 more", errors[^1]);
    }

    [Theory]
    [InlineData("CONTAINER1016", "registry.username")]
    [InlineData("CONTAINER1013", "DOTNET_CONTAINER_INSECURE_REGISTRIES")]
    [InlineData("CONTAINER1011", "builder.arch")]
    [InlineData("CONTAINER1012", "Start Docker")]
    [InlineData("MSB1011", "x-kamal-ps/builder/dotnet/project")]
    [InlineData("NETSDK1129", "x-kamal-ps/builder/dotnet/framework")]
    [InlineData("NETSDK1045", "newer .NET SDK")]
    [InlineData("NU1301", "nuget.config")]
    public void What_the_file_or_the_machine_lacks_has_a_next_step(string code, string expected) =>
        Assert.Contains(expected, DotnetErrors.Read($"x : error {code}: y", "/b").NextStep, StringComparison.Ordinal);

    [Fact]
    public void What_the_compiler_says_needs_none() =>
        Assert.Null(DotnetErrors.Read("/b/A.cs(1,1): error CS1002: ; expected", "/b").NextStep);
}
