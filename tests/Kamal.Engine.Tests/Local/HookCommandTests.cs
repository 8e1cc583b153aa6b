using Kamal.Engine.Local;
using Xunit;

namespace Kamal.Engine.Tests.Local;

[Trait("Category", "Linux")]
public sealed class HookCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("kamal-hook-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("#!/bin/sh\n", "/tools/sh.EXE", "")]
    [InlineData("#!/bin/sh -eu\r\n", "/tools/sh.EXE", "-eu")]
    [InlineData("#!/usr/bin/env bash\n", "/tools/bash.EXE", "")]
    [InlineData("#! /usr/bin/env -S ruby -w\n", "/tools/ruby.EXE", "-w")]
    [InlineData("echo no interpreter\n", "/tools/sh.EXE", "")]
    [InlineData("", "/tools/sh.EXE", "")]
    public void On_windows_the_interpreter_of_the_first_line_is_looked_up_in_path(string text, string program, string arguments)
    {
        var file = Hook("pre-build", text);
        var command = Windows("/tools", "/tools/sh.EXE", "/tools/bash.EXE", "/tools/ruby.EXE").For(file);
        Assert.Equal(program, command.FileName);
        Assert.Equal($"{arguments} {file}".Trim(), string.Join(' ', command.Arguments.Select(argument => argument.Reveal())));
    }

    [Fact]
    public void The_bash_of_wsl_is_passed_over_as_it_does_not_know_the_files_by_these_names()
    {
        var command = Windows("/windows/system32;/tools", "/windows/system32/bash.EXE", "/tools/bash.EXE")
            .For(Hook("pre-build", "#!/bin/bash\n"));
        Assert.Equal("/tools/bash.EXE", command.FileName);
    }

    [Fact]
    public void An_interpreter_that_is_missing_is_named_with_what_to_do()
    {
        var error = Assert.Throws<KamalException>(() => Windows("/tools").For(Hook("pre-build", "#!/usr/bin/ruby\n")));
        Assert.Equal(KamalErrorId.HookFailed, error.Id);
        Assert.Contains("its interpreter ruby is not in PATH", error.Message, StringComparison.Ordinal);
        Assert.Contains("write pre-build.ps1 beside it", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/opt/ps/pwsh", "/opt/ps/pwsh")]
    [InlineData("/opt/ps/pwsh-preview", "/opt/ps/pwsh-preview")]
    [InlineData("/usr/bin/dotnet", "pwsh")]
    public void A_powershell_hook_is_run_by_the_powershell_that_runs_this(string process, string program)
    {
        var command = new HookCommand { ProcessPath = process }.For(Hook("pre-build.ps1", "exit 3"));
        Assert.Equal(program, command.FileName);
    }

    private string Hook(string name, string text)
    {
        var file = Path.Combine(_directory, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static HookCommand Windows(string path, params string[] files) => new()
    {
        IsWindows = true,
        ProcessPath = null,
        Finder = new ProgramFinder { IsWindows = true, IsExecutable = files.Contains },
        Variable = name => name switch { "PATH" => path, "PATHEXT" => ".EXE", "SystemRoot" => "/windows", _ => null },
    };
}
