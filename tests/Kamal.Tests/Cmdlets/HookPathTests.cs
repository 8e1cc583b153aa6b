using Kamal.Sessions;

namespace Kamal.Tests.Cmdlets;

public sealed class HookPathTests
{
    private static readonly string[] Program =
        [@"C:\Users\Jörg 100%\pwsh.exe", "-NoLogo", "-NoProfile", "-File", @"C:\Users\Jörg 100%\Kamal\kamal.ps1"];

    [Fact]
    public void On_Windows_cmd_and_sh_find_the_command_in_any_profile()
    {
        var files = HookPath.Files(Program, isWindows: true).ToDictionary(file => file.Name, file => file.Text);
        Assert.Equal(
            "@\"%KAMAL_HOOK_POWERSHELL%\" -NoLogo -NoProfile -File \"%KAMAL_HOOK_SCRIPT%\" %*\r\n", files["kamal.cmd"]);
        Assert.Equal(
            "#!/bin/sh\nexec \"$KAMAL_HOOK_POWERSHELL\" -NoLogo -NoProfile -File \"$KAMAL_HOOK_SCRIPT\" \"$@\"\n", files["kamal"]);
    }

    [Fact]
    public void Elsewhere_sh_does() => Assert.Equal(
        [("kamal", "#!/bin/sh\nexec '/opt/my pwsh' -NoLogo -File /m/kamal.ps1 \"$@\"\n")],
        HookPath.Files(["/opt/my pwsh", "-NoLogo", "-File", "/m/kamal.ps1"], isWindows: false));
}
